"""Every SQL statement on acts that were prepared here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from eth_hash.auto import keccak
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import to_hex
from tidan_node.domain.proofs.canonical import canonical_bytes, read_json
from tidan_node.domain.proofs.salts import SECRET_BYTES
from tidan_node.problems import Problem
from tidan_node.titles.tables import prepared_acts

MOST_KEPT: Final = 1000


class TooManyPrepared(Problem):
    """Acts on documents are kept until they can be sent no more. Relay those that are signed, or
    prepare with an earlier `validUntil`; acts without documents are prepared all the same."""

    status, slug, title = 409, "too-many-prepared", "Too many acts on documents wait to be signed"


@dataclass(frozen=True, slots=True)
class DraftedAct:
    """An act as it was asked for, its documents with it, and the secrets that hide these. Neither
    shows in its repr."""

    act: str
    request: Mapping[str, Any] = field(repr=False)  # Any: JSON, read by the act's own schema
    secrets: bytes = field(repr=False)

    @property
    def documents(self) -> list[Any]:  # Any: JSON objects
        """Those of the request, in their order."""
        several = self.request.get("documents")
        if several is not None:
            return list(several)
        if "document" in self.request:
            return [self.request["document"]]
        return [each["document"] for each in self.request["titles"]]

    def hidden_by(self) -> Iterator[bytes]:
        """A secret for each document, in their order."""
        for at in range(0, len(self.secrets), SECRET_BYTES):
            yield self.secrets[at : at + SECRET_BYTES]


class PreparedActs:
    """Drafted acts by their calls, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, call: bytes, drafted: DraftedAct, until: datetime, now: datetime) -> None:
        """Keep it until then."""
        await self.forget_expired(now)
        waiting = await self._connection.scalar(select(func.count()).select_from(prepared_acts))
        if (waiting or 0) >= MOST_KEPT:
            raise TooManyPrepared(f"{MOST_KEPT} are kept until they can be sent no more")
        await self._connection.execute(
            insert(prepared_acts).values(
                call_hash=_hash(call),
                act=drafted.act,
                request=canonical_bytes(dict(drafted.request)),
                secrets=drafted.secrets,
                valid_until=until,
            )
        )

    async def forget_expired(self, now: datetime) -> None:
        """What nobody can send any more goes, with its documents."""
        await self._connection.execute(
            delete(prepared_acts).where(prepared_acts.c.valid_until <= now)
        )

    async def of(self, call: bytes) -> DraftedAct | None:
        """What this call was made of, if that was here."""
        found = await self._connection.execute(
            select(prepared_acts).where(prepared_acts.c.call_hash == _hash(call))
        )
        row = found.one_or_none()
        if row is None:
            return None
        request = cast(dict[str, Any], read_json(row.request))  # Any: as above
        return DraftedAct(row.act, request, row.secrets)


def _hash(call: bytes) -> str:
    return to_hex(keccak(call))
