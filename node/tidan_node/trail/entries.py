"""One entry of the trail, and the hash that chains it to the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import rfc8785

from tidan_node.domain.identifiers import ZERO_32, PartyIndex

Scalar = str | int | bool | None
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Link:
    """Where the chain of entries stands: the seq of the last one, and its hash."""

    seq: int
    hash: str


START: Final = Link(0, ZERO_32)


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """Who did what to which subject, when. It holds no content of any document."""

    entry_id: int
    at: datetime
    actor: str
    party: PartyIndex | None
    act: str
    subject: str
    detail: Mapping[str, Scalar]
    seq: int | None = None
    previous: str | None = None
    hash: str | None = None

    def hash_after(self, link: Link) -> str:
        """The hash of this entry as the next after this link: SHA-256 over its RFC 8785 form."""
        members = {
            "seq": link.seq + 1,
            "previous": link.hash,
            "at": (self.at - _EPOCH) // _MICROSECOND,
            "actor": self.actor,
            "party": self.party,
            "act": self.act,
            "subject": self.subject,
            "detail": dict(self.detail),
        }
        return "0x" + hashlib.sha256(rfc8785.dumps(members)).hexdigest()  # type: ignore[arg-type]  # its recursive JSON type is private
