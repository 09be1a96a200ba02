"""What every act on a title needs: the scene that it is played in, and where its intent is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex, TitleId
from tidan_node.domain.parties import Standing
from tidan_node.domain.standings import stranger
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.titles import Title
from tidan_node.domain.titles.pledges import BankGate
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.records.records import Records
from tidan_node.trail.trail import Trail
from tidan_node.web.acting_time import acting_time_after
from tidan_node.web.shapes import moment_of
from tidan_node.web.state import NodeState

USUAL_OFFER: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Scene:
    """A title and who acts on it, at a time of the chain."""

    state: TitleState
    own: Standing
    now: int

    @property
    def title(self) -> Title:
        return self.state.title

    def deadline(self, wanted: datetime | None) -> datetime:
        """Until when an offer stands, also where its maker leaves that open."""
        return wanted or moment_of(self.now) + USUAL_OFFER


class Acting:
    """Everything here happens in one transaction, which the caller commits or not."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self.connection = connection
        self.node = node
        self.caller = caller
        self.records = Records(connection)

    async def scene(self, title_id: TitleId) -> Scene:
        found = await self.records.title_by_id(title_id)
        as_of = await self.records.as_of()
        own = await self.node.own.at(self.records, self.node.account, as_of)
        return Scene(found.state, own, acting_time_after(as_of, self.node))

    async def carrier(self, title: Title) -> Standing:
        """Who issued the title, as it stands now."""
        return (await self.records.party_by_index(title.issuer)).state.standing

    async def successor(self, carrier: Standing) -> Standing | None:
        """Who was named to answer for a carrier, as it stands now."""
        if carrier.successor == NO_PARTY:
            return None
        return (await self.records.party_by_index(carrier.successor)).state.standing

    async def gate(self, own: Standing, bank: PartyIndex) -> BankGate:
        """Who may take a pledge and act for its pledgee, as far as one bank and this node go:
        whoever else is asked about is a stranger here, who may do neither."""
        found = await self.records.parties_of([bank])
        standings = {bank: each.standing for bank, each in found.items()} | {own.party: own}
        accounts: dict[Address, PartyIndex] = {self.node.account: own.party}
        return BankGate(
            lambda party: standings.get(party) or stranger(party),
            lambda account: accounts.get(account, NO_PARTY),
        )

    async def keep(
        self,
        kind: str,
        scene: Scene,
        seq: int,
        more: Mapping[str, object] | None = None,
        *,
        deadline: datetime | None = None,
    ) -> Operation:
        """The intention, and the trail of it."""
        title_id = scene.title.title_id
        operation = await self.node.operations.enqueue(
            self.connection,
            kind=kind,
            target=title_id,
            intent={"id": title_id, "expectedSeq": seq, **(more or {})},
            deadline=deadline,
        )
        detail = {"operation": operation.id, **(more or {})}
        await Trail(self.connection).append(
            self.caller.key_id, kind, title_id, detail, party=scene.own.party
        )
        return operation
