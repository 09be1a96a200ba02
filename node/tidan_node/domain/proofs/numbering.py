"""Ids of titles, invoices and policies: one for each number, unreadable without its issuer."""

from __future__ import annotations

import enum
import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Final

from tidan_node.domain.identifiers import IssuerCode, PartyIndex, to_hex
from tidan_node.domain.proofs import ecvrf
from tidan_node.domain.proofs.problems import NumberingRefused, NumberMalformed
from tidan_node.domain.proofs.record_ids import record_id_of

NUMBER_LIMIT: Final = 200
_PREFIX: Final = b"tidan/numbering/v1"
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}:[!-~]{1,63}")
_VISIBLE: Final = frozenset("LNPS")
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_MINUS: Final = "\u2212"


class Named(enum.Enum):
    """What an id names; the word keeps the ids of one issuer's documents apart."""

    TITLE = "title"
    SERIES = "series"
    INVOICE = "invoice"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Name:
    """A document's own name: who numbers it, and the number as it is normalised."""

    named: Named
    code: IssuerCode
    number: str
    sub_reference: str | None = None

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise NumberMalformed("must be a list and a code, such as SMDG:MSC", field="code")
        object.__setattr__(self, "number", normalised(self.number, "number"))
        if self.sub_reference is not None:
            if self.named is Named.SERIES:
                raise NumberMalformed("a series has no sub-reference", field="sub_reference")
            sub_reference = normalised(self.sub_reference, "sub_reference")
            object.__setattr__(self, "sub_reference", sub_reference)

    def alpha(self) -> bytes:
        """What the verifiable random function is applied to. Each part has its length before it,
        and an absent sub-reference is no part: no two names have one encoding."""
        parts = [self.named.value, self.code, self.number]
        if self.sub_reference is not None:
            parts.append(self.sub_reference)
        encoded = (part.encode() for part in parts)
        return _PREFIX + b"".join(len(part).to_bytes(2, "big") + part for part in encoded)


@dataclass(frozen=True, slots=True)
class Numbering:
    """What an issuer's key makes of a name, with the proof that it can make nothing else of it. The
    registries take the output, and bind it to the issuer (`proofs.record_ids`)."""

    output: str
    proof: bytes


class NumberingKey:
    """An issuer's secret key for numbers: one for each code, for ever."""

    def __init__(self, secret: bytes) -> None:
        self._secret = int.from_bytes(secret, "big")
        self.public_key = ecvrf.public_key_of(self._secret)

    @classmethod
    def generate(cls) -> NumberingKey:
        return cls((secrets.randbelow(ecvrf.ORDER - 1) + 1).to_bytes(32, "big"))

    def secret_bytes(self) -> bytes:
        """What `NumberingKey` is made from again; whoever has it can read all ids of the issuer."""
        return self._secret.to_bytes(32, "big")

    def number(self, name: Name) -> Numbering:
        """The number of a name, and its proof."""
        proof = ecvrf.prove(self._secret, name.alpha())
        return Numbering(to_hex(ecvrf.output_of(proof)), proof)


def verify_numbering(
    public_key: bytes, name: Name, *, issuer: PartyIndex, record: str, proof: bytes
) -> None:
    """Refuse an id, or a series, that is not the one of this name under this issuer's key."""
    output = ecvrf.verify(public_key, name.alpha(), proof)
    if record_id_of(issuer, to_hex(output)) != record:
        raise NumberingRefused("the proof holds, and is of another id", field="id")


def issuer_code(code_list: str, code: str) -> IssuerCode | None:
    """`LIST:CODE` without white space and in upper case; None where that is no code."""
    joined = "".join(f"{code_list}:{code}".split()).upper()
    return IssuerCode(joined) if _CODE.fullmatch(joined) else None


def normalised(number: str, field: str) -> str:
    """NFKC, no white space, upper case, one dash for all dashes: how a person would read a number
    out. What cannot be seen is refused, or one number could be issued twice and look the same."""
    text = "".join(unicodedata.normalize("NFKC", number).split()).upper()
    # Letters that white space kept apart may compose now (Hangul).
    text = "".join(map(_plain_dash, unicodedata.normalize("NFKC", text)))
    for character in text:
        if unicodedata.category(character)[0] not in _VISIBLE or character in _BLANK_LETTERS:
            raise NumberMalformed(f"has U+{ord(character):04X}, which cannot be seen", field=field)
    if not 0 < len(text) <= NUMBER_LIMIT:
        raise NumberMalformed(f"must have 1 to {NUMBER_LIMIT} visible characters", field=field)
    return text


def _plain_dash(character: str) -> str:
    is_dash = character == _MINUS or unicodedata.category(character) == "Pd"
    return "-" if is_dash else character
