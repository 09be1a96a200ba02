"""A signed audit report: one party's word on what an audit of its found, checked by the chain.

It is a compact JWS over RFC 8785 JSON. Which key may sign is what the party's profile says.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tidan_node.domain.exchange_keys import StatementRefused, verify_statement
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.proofs.canonical import canonical_bytes, read_json
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.problems import InvalidInput

TYP: Final = "tidan-audit-report+jws"
FORMAT: Final = "tidan/audit-report"
VERSION: Final = 1
LARGEST: Final = 1_000_000
_MEMBERS: Final = {"format", "version", "chainId", "signer", "signedAt", "report"}


class ReportMalformed(InvalidInput):
    """A signed report is a compact JWS over the RFC 8785 form of its members."""

    status, slug, title = 422, "report-malformed", "This is not a signed audit report"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a party signs: the report, who it is, on which chain, and when."""

    chain_id: int
    signer: PartyIndex
    signed_at: str
    report: Mapping[str, Any]  # Any: JSON, as the audit made it

    def payload(self) -> bytes:
        """The bytes that are signed."""
        return canonical_bytes(
            {
                "format": FORMAT,
                "version": VERSION,
                "chainId": self.chain_id,
                "signer": int(self.signer),
                "signedAt": self.signed_at,
                "report": dict(self.report),
            }
        )


def signer_of(jws: str) -> PartyIndex:
    """Whom the report says it is signed by; nothing of it is believed yet."""
    return read_statement(_unverified(jws)).signer


def verified(jws: str, keys: Iterable[Mapping[str, str]]) -> tuple[Statement, int]:
    """The statement, and which of the signer's keys (the newest is 0) has signed it."""
    refusal: StatementRefused | None = None
    for place, key in enumerate(keys):
        try:
            return read_statement(verify_statement(key, jws, TYP)), place
        except StatementRefused as refused:
            refusal = refusal or refused
    if refusal is not None:
        raise refusal
    raise StatementRefused(
        "its signer has no signing key on the chain", field="statement", rule="key"
    )


def read_statement(payload: bytes) -> Statement:
    """The statement in these bytes, strictly read."""
    try:
        members = read_json(payload)
        if not isinstance(members, dict) or set(members) != _MEMBERS:
            raise ReportMalformed("its members are not those of a report", field="report")
        if canonical_bytes(members) != payload:
            raise ReportMalformed("it is not in the one form that is signed", field="report")
    except JsonMalformed as error:
        raise ReportMalformed("its content is not JSON", field="report") from error
    match members:
        case {
            "format": str(format_),
            "version": int(version),
            "chainId": int(chain_id),
            "signer": int(signer),
            "signedAt": str(signed_at),
            "report": dict(report),
        } if (format_, version) == (FORMAT, VERSION) and signer > 0:
            return Statement(chain_id, PartyIndex(signer), signed_at, report)
        case _:
            raise ReportMalformed(f"it is not {FORMAT} {VERSION}", field="format")


def _unverified(jws: str) -> bytes:
    parts = jws.split(".")
    if len(parts) != 3 or len(jws) > 2 * LARGEST:  # header, payload, signature
        raise ReportMalformed("it is not a compact JWS", field="report")
    return _decoded(parts[1])


def _decoded(segment: str) -> bytes:
    try:
        padded = segment + "=" * (-len(segment) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ReportMalformed("it is not a compact JWS", field="report") from error
