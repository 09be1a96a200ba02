"""Parties with accounts on a real chain, who act on its contracts without a node."""

from __future__ import annotations

from dataclasses import dataclass

from tests.live_chain import LiveChain
from tests.story import hex_of
from tidan_node.domain.identifiers import PartyIndex, TitleId
from tidan_node.domain.parties import Role
from tidan_node.domain.proofs.record_ids import title_id_of
from tidan_node.domain.titles import TitleKind
from tidan_node.domain.titles.terms import packed
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.record_chain import LedgerChain
from tidan_node.ledger.submission import Submitter


@dataclass
class Trade:
    """A carrier that insures, too, a seller and a buyer, each with an account on a real chain."""

    live: LiveChain
    carrier: PartyIndex
    seller: PartyIndex
    buyer: PartyIndex

    @property
    def chain(self) -> LedgerChain:
        return LedgerChain(self.live.rpc, self.live.gateway)

    async def act(self, party: PartyIndex, contract: str, function: str, *args: object) -> None:
        """One transaction of the party's account; it is in a block when this returns."""
        submitter = Submitter(
            self.live.rpc, self.live.signers[party], self.live.manifest.chain_id, gas_price=0
        )
        call = Call(contract, function, args)
        await submitter.submit(self.live.manifest.address_of(contract), encode_call(call))

    async def deadline(self) -> int:
        return (await self.live.gateway.head()).timestamp + 3600

    async def issue(self, name: str, kind: TitleKind = TitleKind.ORDER) -> TitleId:
        number, holder = hex_of("title", name), 0 if kind is TitleKind.BLANK else self.seller
        terms = packed(self.seller, holder, kind, 1, 1, 0)
        issuance = (number, hex_of("series", name), hex_of("root", name), terms)
        await self.act(self.carrier, "TitleRegistry", "issue", issuance)
        return title_id_of(PartyIndex(self.carrier), number)

    async def head_of(self, contract: str, record: str) -> str:
        (head,) = await self.live.gateway.view(Call(contract, "headOf", (record,)))
        return str(head)


async def trade_on(live_chain: LiveChain) -> Trade:
    """Its three parties, newly enrolled."""
    roles = (Role.CARRIER | Role.INSURER, Role.TRADER, Role.TRADER)
    parties = [
        await live_chain.enrol(role, live_chain.signers[number].address)
        for number, role in enumerate(roles, start=1)
    ]
    assert parties == [1, 2, 3]
    return Trade(live_chain, *parties)
