"""The documents that stand behind records: each read by its record's kind, and committed to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tidan_node.domain.documents.invoice import Invoice, read_invoice
from tidan_node.domain.documents.policy import Policy, read_policy
from tidan_node.domain.documents.transport_document import (
    TransportDocument,
    read_transport_document,
)
from tidan_node.domain.identifiers import ContentRoot, to_hex
from tidan_node.domain.proofs.commitment import commit
from tidan_node.domain.proofs.placement import Document
from tidan_node.domain.proofs.schema import schema_by_number

RecordedDocument = TransportDocument | Invoice | Policy

READERS: Final[Mapping[str, Callable[[bytes], RecordedDocument]]] = {
    "title": read_transport_document,
    "invoice": read_invoice,
    "policy": read_policy,
}


def content_root(document: Document, schema: int, *, secret: bytes, version: int) -> ContentRoot:
    """The root of all that the document says, as a record on the chain has it."""
    commitment = commit(document, schema_by_number(schema), secret=secret, version=version)
    return ContentRoot(to_hex(commitment.root))
