"""Every SQL statement on acts that were prepared here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from eth_hash.auto import keccak
from sqlalchemy import Row, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import ContentRoot, OperationId, TitleId, to_hex
from tidan_node.domain.proofs.canonical import canonical_bytes, read_json
from tidan_node.domain.proofs.salts import SECRET_BYTES
from tidan_node.problems import Problem
from tidan_node.records.tables import titles
from tidan_node.titles.tables import prepared_acts

MOST_KEPT: Final = 1000
_IS_ON_CHAIN: Final = exists().where(
    titles.c.id == prepared_acts.c.title, titles.c.content_root == prepared_acts.c.content_root
)


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


@dataclass(frozen=True, slots=True)
class FoundAct:
    """An act that was prepared here and is on the chain, however it came there."""

    name: str
    drafted: DraftedAct
    title: TitleId
    """The first that came to be by it."""
    content_root: ContentRoot
    operation_id: OperationId | None
    """What has sent it from here, if anything has."""


class PreparedActs:
    """Drafted acts by their calls, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(
        self,
        call: bytes,
        drafted: DraftedAct,
        first: tuple[TitleId, ContentRoot],
        *,
        until: datetime,
        read_to: datetime,
    ) -> None:
        """Keep it until then: the act by which `first`, and what comes with it, comes to be."""
        await self.forget_expired(read_to)
        title, content_root = first
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
                title=title,
                content_root=content_root,
            )
        )

    async def forget_expired(self, read_to: datetime) -> None:
        """What no block can bring any more goes, with its documents: its time is over by the time
        of the chain, as far as that is read. What came in time stays until it is taken up."""
        await self._connection.execute(
            delete(prepared_acts).where(
                prepared_acts.c.valid_until <= read_to, prepared_acts.c.is_done | ~_IS_ON_CHAIN
            )
        )

    async def of(self, call: bytes) -> DraftedAct | None:
        """What this call was made of, if that was here."""
        found = await self._connection.execute(
            select(prepared_acts).where(prepared_acts.c.call_hash == _hash(call))
        )
        row = found.one_or_none()
        return None if row is None else _drafted(row)

    async def sent_by(self, call: bytes, operation_id: OperationId) -> None:
        """This operation sends it, if it was made here."""
        await self._connection.execute(
            update(prepared_acts)
            .where(prepared_acts.c.call_hash == _hash(call))
            .values(operation_id=operation_id)
        )

    async def on_chain(self) -> list[str]:
        """The names of those that the chain has, and that are not done with here."""
        found = await self._connection.scalars(
            select(prepared_acts.c.call_hash)
            .where(~prepared_acts.c.is_done, _IS_ON_CHAIN)
            .order_by(prepared_acts.c.valid_until, prepared_acts.c.call_hash)
        )
        return list(found)

    async def found(self, name: str) -> FoundAct | None:
        """One of these, as long as it is one."""
        rows = await self._connection.execute(
            select(prepared_acts).where(
                prepared_acts.c.call_hash == name, ~prepared_acts.c.is_done, _IS_ON_CHAIN
            )
        )
        row = rows.one_or_none()
        if row is None:
            return None
        return FoundAct(name, _drafted(row), row.title, row.content_root, row.operation_id)

    async def finish(self, name: str) -> bool:
        """It is done with here. False: it was already, or the chain has it no more."""
        changed = await self._connection.execute(
            update(prepared_acts)
            .where(prepared_acts.c.call_hash == name, ~prepared_acts.c.is_done, _IS_ON_CHAIN)
            .values(is_done=True)
        )
        return changed.rowcount == 1


def _drafted(row: Row[Any]) -> DraftedAct:  # Any: its columns
    request = cast(dict[str, Any], read_json(row.request))  # Any: as above
    return DraftedAct(row.act, request, row.secrets)


def _hash(call: bytes) -> str:
    return to_hex(keccak(call))
