"""The codes that this node numbers documents under: those that the chain has its key for."""

from __future__ import annotations

from collections.abc import Iterable

from tidan_node.domain.identifiers import IssuerCode
from tidan_node.domain.party_fold import PartyState
from tidan_node.problems import Problem
from tidan_node.records.records import Records
from tidan_node.web.state import NodeState


class CodeNotOurs(Problem):
    """The document names its issuer's code. The chain must have this node's party and this node's
    numbering key for it."""

    status, slug, title = 403, "code-not-ours", "This node does not number under this code"


async def own_code(
    records: Records, codes: Iterable[IssuerCode], own: PartyState, node: NodeState, *, field: str
) -> IssuerCode:
    """The first of these codes that the chain has this node's party and key for."""
    named = []
    for code in codes:
        named.append(code)
        registered = await records.numbering_key(code)
        if registered is not None and registered.party == own.index:
            if registered.key == node.numbering_key.public_key:
                return code
            raise CodeNotOurs(f"the chain has another numbering key for {code}", field=field)
    told = ", ".join(named) or "none"
    raise CodeNotOurs(
        f"the document's codes ({told}) are not registered for this node's party", field=field
    )
