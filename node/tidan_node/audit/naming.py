"""What a document is numbered and found by, held against the document itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from tidan_node.domain.documents.invoice import Invoice
from tidan_node.domain.documents.recorded import RecordedDocument
from tidan_node.domain.documents.references import references_of
from tidan_node.domain.documents.transport_document import TransportDocument
from tidan_node.domain.identifiers import IssuerCode, to_bytes
from tidan_node.domain.party_fold import NumberingKey
from tidan_node.domain.proofs import ecvrf
from tidan_node.domain.proofs.numbering import Name, verify_numbering
from tidan_node.problems import Problem

Naming = Literal["numbering", "references"]
_MEMBERS: Final = {"code", "number", "subReference", "idProof", "seriesProof"}


class KeptReference(NamedTuple):
    """One row of what a document is found by."""

    kind: str
    scheme: str
    value: str
    written: str


def numbering_of(kept: object) -> Mapping[str, object]:
    """The members of a numbering as it lies in the database; none where it is not JSON."""
    try:
        found = json.loads(kept) if isinstance(kept, str | bytes) else kept
    except ValueError:
        return {}
    return found if isinstance(found, Mapping) else {}


def is_numbered_so(
    document: RecordedDocument,
    kept: Mapping[str, object],
    *,
    record: str,
    registered: NumberingKey | None,
) -> bool:
    """Whether code, number and sub-reference are the document's own, and the proofs those of its
    issuer's key, where the chain has one for the code."""
    code, sub_reference = kept.get("code"), None
    if isinstance(document, TransportDocument):
        codes: tuple[str, ...] = (document.code,)
        sub_reference = document.sub_reference
    elif isinstance(document, Invoice):
        codes = document.seller_codes
    else:
        codes = document.insurer_codes
    said = (kept.get("number"), kept.get("subReference"))
    if set(kept) != _MEMBERS or code not in codes or said != (document.number, sub_reference):
        return False
    return registered is None or _is_proved(
        document, IssuerCode(str(code)), kept, record, registered
    )


def _is_proved(
    document: RecordedDocument,
    code: IssuerCode,
    kept: Mapping[str, object],
    record: str,
    registered: NumberingKey,
) -> bool:
    try:
        proof = to_bytes(str(kept["idProof"]))
        key = registered.key
        verify_numbering(
            key, _name(document, code), issuer=registered.party, record=record, proof=proof
        )
        if isinstance(document, TransportDocument):
            series = to_bytes(str(kept["seriesProof"]))
            ecvrf.verify(key, document.series_name().alpha(), series)
            return True
        return kept["seriesProof"] is None
    except (Problem, ValueError):
        return False


def _name(document: RecordedDocument, code: IssuerCode) -> Name:
    if isinstance(document, TransportDocument):
        return document.title_name()
    return document.name(code)


def is_found_so(kind: str, document: bytes, kept: frozenset[KeptReference]) -> bool:
    """Whether it is found by all that is in it, as written there, and by nothing else."""
    return kept == {
        KeptReference(kind, each.scheme, each.value, each.written)
        for each in references_of(kind, document)
    }
