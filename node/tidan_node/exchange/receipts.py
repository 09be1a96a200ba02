"""Receipts: what the recipient states of a parcel under its own signature, and who believes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, cast

from joserfc.util import urlsafe_b64decode

from tidan_node.domain.exchange_keys import ExchangeKeys, Jwk, StatementRefused, verify_statement
from tidan_node.domain.parcels import Envelope
from tidan_node.domain.proofs.canonical import JsonValue, canonical_bytes, read_json
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.exchange.problems import ReceiptRefused
from tidan_node.web.shapes import as_utc

TYPE: Final = "tidan-receipt+jws"
FORMAT: Final = "tidan/receipt"
VERSION: Final = 1

Outcome = Literal["received", "refused"]
_SLUG: Final = re.compile(r"[a-z0-9-]{1,64}")
_OUTCOMES: Final[tuple[Outcome, ...]] = ("received", "refused")


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a parcel of this digest came, and what became of it."""

    envelope: Envelope
    digest: str
    outcome: Outcome
    problem: str | None
    rule: str | None
    at: datetime

    def sign(self, keys: ExchangeKeys) -> str:
        return keys.sign_statement(TYPE, canonical_bytes(self.members()))

    def members(self) -> dict[str, JsonValue]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "parcel": self.envelope.parcel_id,
            "digest": self.digest,
            "from": self.envelope.sender,
            "to": self.envelope.recipient,
            "chainId": self.envelope.chain_id,
            "outcome": self.outcome,
            "problem": self.problem,
            "rule": self.rule,
            "at": as_utc(self.at),
        }


def signed_anew(statement: str, keys: ExchangeKeys) -> str:
    """A receipt that was given before, by the keys of now: where they are the same it is the same
    text. The sender believes none by a former key, however often it asks."""
    return keys.sign_statement(TYPE, urlsafe_b64decode(statement.split(".")[1].encode()))


def believed(statement: str, key: Jwk, envelope: Envelope, digest: str) -> Receipt:
    """The receipt, once the recipient's key has signed it for this parcel and these bytes."""
    try:
        payload = verify_statement(key, statement, TYPE)
        members = read_json(payload)
    except (StatementRefused, JsonMalformed) as error:
        raise ReceiptRefused("the recipient did not sign it", field="receipt") from error
    if not isinstance(members, dict):
        raise ReceiptRefused("it is no JSON object", field="receipt")
    receipt = _read(members, envelope, digest)
    if canonical_bytes(receipt.members()) != payload:
        raise ReceiptRefused("it is not about this parcel", field="receipt")
    return receipt


def _read(members: dict[str, JsonValue], envelope: Envelope, digest: str) -> Receipt:
    outcome, problem, rule = (members.get(name) for name in ("outcome", "problem", "rule"))
    if outcome not in _OUTCOMES or not all(map(_is_slug_or_none, (problem, rule))):
        raise ReceiptRefused("its outcome cannot be read", field="receipt")
    try:
        at = datetime.fromisoformat(str(members.get("at")))
    except ValueError as error:
        raise ReceiptRefused("its time cannot be read", field="receipt") from error
    if at.tzinfo is None:
        raise ReceiptRefused("its time has no zone", field="receipt")
    return Receipt(
        envelope=envelope,
        digest=digest,
        outcome=outcome,
        problem=cast(str | None, problem),
        rule=cast(str | None, rule),
        at=at,
    )


def _is_slug_or_none(told: JsonValue) -> bool:
    """It goes to a trail and to terminals: it is a word of ours, and no text of the recipient."""
    return told is None or (isinstance(told, str) and _SLUG.fullmatch(told) is not None)
