"""What the registries store records under: the issuer's own numbers, bound to the issuer.

A number is the output of the issuer's verifiable random function, and stands in the open as soon
as it is sent; under another issuer it makes another id, so nobody takes it from whom it belongs to.
"""

from __future__ import annotations

from eth_hash.auto import keccak

from tidan_node.domain.identifiers import (
    PartyIndex,
    RecordId,
    SeriesId,
    TitleId,
    to_bytes,
    to_hex,
)


def title_id_of(issuer: PartyIndex, number: str) -> TitleId:
    """The id of the title that this issuer numbers so."""
    return TitleId(_bound(issuer, number))


def series_id_of(issuer: PartyIndex, series: str) -> SeriesId:
    """The series of the titles that this issuer numbers so."""
    return SeriesId(_bound(issuer, series))


def record_id_of(issuer: PartyIndex, number: str) -> RecordId:
    """The id of the invoice or policy, or of the title, that this issuer numbers so."""
    return RecordId(_bound(issuer, number))


def _bound(issuer: PartyIndex, output: str) -> str:
    return to_hex(keccak(issuer.to_bytes(32, "big") + to_bytes(output)))
