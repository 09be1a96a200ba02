"""The party that this node speaks for: the one that its account belongs to on the chain."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address
from tidan_node.domain.parties import Standing
from tidan_node.domain.party_fold import PartyState
from tidan_node.records.records import Records
from tidan_node.web.own_standing import not_enrolled, standing_of
from tidan_node.web.state import NodeState


async def own_party(records: Records, node: NodeState) -> PartyState:
    """The node's party as the chain has it now; a node that has read nothing knows of nobody."""
    found = await records.party_by_account(node.account)
    if found is None:
        raise await not_enrolled(records, node.account)
    return found.state


async def own_standing(records: Records, node: NodeState) -> Standing:
    """Of the node's party what the rules of acts ask."""
    return await standing_of(records, node.account)


async def act_together(own: Address, connection: AsyncConnection, account: Address) -> bool:
    """Whether this account acts for the same party as the node's own."""
    records = Records(connection)
    ours, found = await records.standing_by_account(own), await records.standing_by_account(account)
    return ours is not None and found is not None and found.party == ours.party
