"""A parcel: one package on its way to one party, sealed; outside stands who, and to whom."""

from __future__ import annotations

import base64
import binascii
import enum
import re
import secrets
from dataclasses import dataclass, field
from typing import Final, NewType

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.packages import KINDS, RecordKind
from tidan_node.domain.proofs.canonical import JsonValue, canonical_bytes, read_json
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.problems import InvalidInput

MEDIA_TYPE: Final = "application/vnd.tidan.parcel+json"
FORMAT: Final = "tidan/parcel"
VERSION: Final = 1

ParcelId = NewType("ParcelId", str)
"""A parcel's name: 32 hexadecimal digits of chance, which say nothing of what is in it."""

_ID: Final = re.compile(r"[0-9a-f]{32}")
_MOST_PARTIES: Final = 2**32 - 1
_LARGEST_CHAIN: Final = 2**53 - 1


class ParcelMalformed(InvalidInput):
    """A parcel is the one RFC 8785 form of its members, as a courier sends it."""

    status, slug, title = 422, "parcel-malformed", "This is not a parcel that can be read"


class ParcelStatus(enum.StrEnum):
    """Where a parcel stands; `received` is what the other side calls delivered."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    REFUSED = "refused"
    EXPIRED = "expired"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What everybody on the way may read, and nobody can change: it is bound to what is inside."""

    parcel_id: ParcelId
    chain_id: int
    sender: PartyIndex
    recipient: PartyIndex

    def members(self) -> dict[str, JsonValue]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "id": self.parcel_id,
            "chainId": self.chain_id,
            "from": self.sender,
            "to": self.recipient,
        }

    def canonical(self) -> bytes:
        """The bytes that the seal is bound to."""
        return canonical_bytes(self.members())


@dataclass(frozen=True, slots=True)
class SealedParcel:
    """A parcel as it travels."""

    envelope: Envelope
    jwe: dict[str, JsonValue] = field(repr=False)

    def to_json(self) -> bytes:
        return canonical_bytes(self.envelope.members() | {"jwe": self.jwe})


@dataclass(frozen=True, slots=True)
class Inside:
    """What is under the seal: the file of a package, and of which kind it is."""

    kind: RecordKind
    package: bytes = field(repr=False)

    def to_json(self) -> bytes:
        return canonical_bytes(
            {"kind": self.kind, "package": base64.b64encode(self.package).decode()}
        )


def new_parcel_id() -> ParcelId:
    return ParcelId(secrets.token_hex(16))


def parcel_id(text: str, field: str = "parcel") -> ParcelId:
    """A parcel's name as people type it."""
    lowered = text.lower()
    if not _ID.fullmatch(lowered):
        raise InvalidInput("must be 32 hexadecimal digits", field=field)
    return ParcelId(lowered)


def read_parcel(raw: bytes) -> SealedParcel:
    """The parcel in these bytes; every member must be there, in its form, and no other."""
    members = _object(raw, "parcel")
    for name, known in (("format", FORMAT), ("version", VERSION)):
        if members.get(name) != known or isinstance(members[name], bool):
            raise ParcelMalformed(f"must be {known!r}", field=name)
    id_, sealed = members.get("id"), members.get("jwe")
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        raise ParcelMalformed("must be 32 hexadecimal digits", field="id")
    if not isinstance(sealed, dict):
        raise ParcelMalformed("must be a JSON object", field="jwe")
    parcel = SealedParcel(
        Envelope(
            ParcelId(id_),
            _number(members, "chainId", most=_LARGEST_CHAIN),
            PartyIndex(_number(members, "from", most=_MOST_PARTIES)),
            PartyIndex(_number(members, "to", most=_MOST_PARTIES)),
        ),
        sealed,
    )
    if parcel.to_json() != raw:  # a member too many, another order, another spelling
        raise ParcelMalformed("is not the canonical form (RFC 8785) of a parcel", field="parcel")
    return parcel


def read_inside(raw: bytes) -> Inside:
    """What was under the seal, as strictly read as what was outside."""
    members = _object(raw, "jwe")
    kind, package = members.get("kind"), members.get("package")
    if kind not in KINDS:
        raise ParcelMalformed(f"must be one of {', '.join(KINDS)}", field="kind")
    if not isinstance(package, str):
        raise ParcelMalformed("must be base64", field="package")
    try:
        inside = Inside(kind, base64.b64decode(package, validate=True))
    except (binascii.Error, ValueError) as error:
        raise ParcelMalformed("must be base64", field="package") from error
    if inside.to_json() != raw:
        raise ParcelMalformed("is not the canonical form (RFC 8785)", field="jwe")
    return inside


def _object(raw: bytes, field: str) -> dict[str, JsonValue]:
    try:
        members = read_json(raw)
    except JsonMalformed as error:  # without its words, which quote
        raise ParcelMalformed("is not JSON with one meaning", field=field) from error
    if not isinstance(members, dict):
        raise ParcelMalformed("must be a JSON object", field=field)
    return members


def _number(members: dict[str, JsonValue], name: str, *, most: int) -> int:
    value = members.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise ParcelMalformed(f"must be a whole number from 1 to {most}", field=name)
    return value
