"""What a caller can ask about parties."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.identity.schemas import (
    ChainAnswer,
    KeyAnswer,
    MeAnswer,
    PartyAnswer,
    PartyAsOf,
    PartyPage,
    UserOfMe,
)
from tidan_node.people.caller import Caller
from tidan_node.people.users import Users
from tidan_node.records.records import Records
from tidan_node.web.pagination import PageRequest, Position, cursor_of
from tidan_node.web.shapes import AsOf
from tidan_node.web.state import NodeState


class PartyReader:
    """Answers from one view of the chain; each says which block it was true at."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._records = Records(connection)
        self._users = Users(connection)

    async def party(self, reference: str) -> PartyAsOf:
        """The party meant by its number, an account, an identifier, a code or its exact name."""
        found = await self._records.party_by_identifier(reference)
        return PartyAsOf(**dict(PartyAnswer.of(found)), as_of=await self._as_of())

    async def parties(self, page: PageRequest) -> PartyPage:
        """A page of parties, in the order in which they were enrolled."""
        found = await self._records.parties(
            limit=page.limit + 1, after=PartyIndex(page.after.key) if page.after else None
        )
        shown = found[: page.limit]
        last = shown[-1].state.index if len(found) > page.limit else None
        return PartyPage(
            items=[PartyAnswer.of(each) for each in shown],
            next_cursor=cursor_of(Position(last, str(last))) if last else None,
            as_of=await self._as_of(),
        )

    async def me(self, caller: Caller, node: NodeState) -> MeAnswer:
        """Who is calling, and for which party this node speaks."""
        own = await self._records.party_by_account(node.account)
        user = None if caller.user is None else await self._users.by_id(caller.user)
        return MeAnswer(
            key=KeyAnswer.of(caller),
            user=None if user is None else UserOfMe.of(user),
            account=node.account,
            party=None if own is None else PartyAnswer.of(own),
            chain=ChainAnswer.of(node.chain),
            as_of=await self._as_of(),
        )

    async def _as_of(self) -> AsOf:
        return AsOf.of(await self._records.as_of())
