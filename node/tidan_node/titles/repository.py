"""Every SQL statement on acts that were prepared here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from eth_hash.auto import keccak
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import to_hex
from tidan_node.domain.proofs.canonical import canonical_bytes, read_json
from tidan_node.domain.proofs.salts import SECRET_BYTES
from tidan_node.titles.tables import prepared_acts


@dataclass(frozen=True, slots=True)
class DraftedAct:
    """An act as it was asked for, its documents with it, and the secrets that hide these. Neither
    shows in its repr."""

    act: str
    request: Mapping[str, Any] = field(repr=False)  # Any: JSON, read by the act's own schema
    secrets: bytes = field(repr=False)

    def hidden_by(self) -> Iterator[bytes]:
        """A secret for each document, in their order."""
        for at in range(0, len(self.secrets), SECRET_BYTES):
            yield self.secrets[at : at + SECRET_BYTES]


class PreparedActs:
    """Drafted acts by their calls, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, call: bytes, drafted: DraftedAct, until: datetime, now: datetime) -> None:
        """Keep it until then; what nobody can send any more goes."""
        await self._connection.execute(
            delete(prepared_acts).where(prepared_acts.c.valid_until <= now)
        )
        await self._connection.execute(
            insert(prepared_acts).values(
                call_hash=_hash(call),
                act=drafted.act,
                request=canonical_bytes(dict(drafted.request)),
                secrets=drafted.secrets,
                valid_until=until,
            )
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
