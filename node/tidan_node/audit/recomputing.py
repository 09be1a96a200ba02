"""The content root of a document that is held, and what it is found by, computed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

from tidan_node.audit.naming import (
    KeptReference,
    Naming,
    Numbered,
    is_found_so,
    is_numbered_so,
    numbering_of,
)
from tidan_node.domain.documents.invoice import read_invoice
from tidan_node.domain.documents.policy import read_policy
from tidan_node.domain.documents.transport_document import read_transport_document
from tidan_node.domain.identifiers import to_hex
from tidan_node.domain.proofs.commitment import commit
from tidan_node.domain.proofs.placement import Document
from tidan_node.domain.proofs.schema import schema_by_number
from tidan_node.problems import Problem

_READERS: Final[Mapping[str, Callable[[bytes], Numbered]]] = {
    "title": read_transport_document,
    "invoice": read_invoice,
    "policy": read_policy,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database has of a document, as it is: nothing of it is taken to be of its type."""

    record: object
    root: object
    kind: object
    schema: object
    version: object
    document: object
    secret: object
    numbering: object


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The root, or the rule that the kept document breaks. Nothing of its text is in either."""

    root: str | None = None
    rule: str | None = None
    misnamed: tuple[Naming, ...] = ()


def recompute(
    kept: Kept, references: frozenset[KeptReference], numbering_key: bytes | None
) -> Recomputed:
    """The root of all that the document says, under the secret that is kept with it; and whether
    it is numbered and found by what it says."""
    match kept:
        case Kept(
            kind=str(kind),
            schema=int(schema),
            version=int(version),
            document=bytes(document),
            secret=bytes(secret),
        ) if kind in _READERS:
            found = _recomputed(_READERS[kind], document, schema, secret=secret, version=version)
            return replace(found, misnamed=tuple(_misnamed(kept, kind, references, numbering_key)))
        case _:
            return Recomputed(rule="type")


def _misnamed(
    kept: Kept, kind: str, references: frozenset[KeptReference], key: bytes | None
) -> Iterator[Naming]:
    raw = cast(bytes, kept.document)
    try:
        document = _READERS[kind](raw)
    except Problem:
        return  # said already: it has no root
    numbering = numbering_of(kept.numbering)
    if not is_numbered_so(document, numbering, record=str(kept.record), key=key):
        yield "numbering"
    if not is_found_so(kind, raw, references):
        yield "references"


def _recomputed(
    read: Callable[[bytes], Document], document: bytes, schema: int, *, secret: bytes, version: int
) -> Recomputed:
    try:
        fields = read(document)
        commitment = commit(fields, schema_by_number(schema), secret=secret, version=version)
    except Problem as problem:
        return Recomputed(rule=problem.slug)
    except ValueError:  # a secret or a version of another form
        return Recomputed(rule="secret")
    return Recomputed(root=to_hex(commitment.root))
