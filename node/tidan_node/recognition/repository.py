"""Every SQL statement on what signing in leaves behind."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.certificates.client import UsedList
from tidan_node.domain.certificates.refused import refused as certificate_refused
from tidan_node.domain.platforms import AnchorId
from tidan_node.domain.sign_in_tokens import refused
from tidan_node.recognition.tables import revocation_lists, used_tokens

MOST_KEPT: Final = 16
"""Lists kept below one anchor; whoever has more issuers sends their lists along each time."""


class RevocationLists:
    """The newest list of each issuer that was seen below an anchor."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def below(self, anchors: Collection[AnchorId]) -> list[bytes]:
        """Those that vouch for what these anchors vouch for."""
        found = await self._connection.scalars(
            select(revocation_lists.c.list)
            .where(revocation_lists.c.anchor_id.in_(list(anchors)))
            .distinct()
        )
        return list(found)

    async def keep(self, anchor: AnchorId, used: UsedList) -> None:
        """This list stands now, unless a newer one has come since it was looked up in."""
        mine = (revocation_lists.c.anchor_id == anchor) & (revocation_lists.c.series == used.series)
        kept = await self._connection.scalar(
            select(revocation_lists.c.issued_at).where(mine).with_for_update()
        )
        if kept is None:
            await self._connection.execute(
                insert(revocation_lists).values(
                    anchor_id=anchor,
                    series=used.series,
                    issued_at=used.issued_at,
                    list=used.der,
                )
            )
            await self._let_the_oldest_go(anchor)
            return
        if used.issued_at < kept:
            raise certificate_refused(
                "crl-older", "a newer list of this issuer was seen", field="crls"
            )
        await self._connection.execute(
            update(revocation_lists).where(mine).values(issued_at=used.issued_at, list=used.der)
        )

    async def _let_the_oldest_go(self, anchor: AnchorId) -> None:
        """An authority may divide its lists as it likes, and each of them is read at a sign-in."""
        theirs = revocation_lists.c.anchor_id == anchor
        oldest = await self._connection.scalars(
            select(revocation_lists.c.series)
            .where(theirs)
            .order_by(revocation_lists.c.issued_at.desc(), revocation_lists.c.series)
            .offset(MOST_KEPT)
        )
        await self._connection.execute(
            delete(revocation_lists).where(theirs, revocation_lists.c.series.in_(list(oldest)))
        )


class UsedTokens:
    """The names of tokens, remembered until they have ended anyway."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def use_up(self, digest: str, *, ends_at: datetime, now: datetime) -> None:
        """From now on this token is good for nothing more."""
        await self._connection.execute(delete(used_tokens).where(used_tokens.c.ends_at <= now))
        row = insert(used_tokens).values(digest=digest, ends_at=ends_at)
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(row)
        except IntegrityError as error:
            raise refused("replayed", "the token was used before; make a new one") from error
