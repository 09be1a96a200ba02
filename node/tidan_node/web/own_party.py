"""The party that this node speaks for: the one that its account belongs to on the chain."""

from __future__ import annotations

from tidan_node.domain.parties import NotEnrolled, Standing
from tidan_node.domain.party_fold import PartyState
from tidan_node.records.records import Records
from tidan_node.web.state import NodeState


async def own_party(records: Records, node: NodeState) -> PartyState:
    """The node's party as the chain has it now; a node that has read nothing knows of nobody."""
    found = await records.party_by_account(node.account)
    if found is None:
        await records.as_of()
        raise NotEnrolled(
            f"no party has the account {node.account}; where the party has changed its key since,"
            " start this node again with the new one",
            field="caller",
        )
    return found.state


async def own_standing(records: Records, node: NodeState) -> Standing:
    return (await own_party(records, node)).standing
