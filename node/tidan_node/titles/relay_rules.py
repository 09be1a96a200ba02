"""By which rule of four eyes a relayed act waits, beside that of relaying.

An act of this node's own party is what its direct act is, whoever has signed it: else any rule on
that one could be walked around through the relay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from tidan_node.domain.identifiers import Address, to_bytes
from tidan_node.problems import Problem
from tidan_node.records.records import Records
from tidan_node.titles.preparing import signed_acts
from tidan_node.titles.relay_schemas import RelayRequest
from tidan_node.titles.repository import PreparedActs
from tidan_node.web.four_eyes import Act, Carried
from tidan_node.web.own_party import own_party
from tidan_node.web.state import node_of

RULES: Final[Mapping[str, Act]] = {
    "issue": Act.TITLE_ISSUE,
    "issueFromPaper": Act.TITLE_ISSUE,
    "issueBatch": Act.TITLE_ISSUE,
    "offer": Act.TITLE_OFFER,
    "accept": Act.TITLE_ACCEPT,
    "endorse": Act.TITLE_ENDORSE,
    "proposePledge": Act.TITLE_PLEDGE,
    "acceptPledge": Act.TITLE_PLEDGE_ACCEPT,
    "consent": Act.TITLE_PLEDGE_CONSENT,
    "releasePledge": Act.TITLE_PLEDGE_RELEASE,
    "enforcePledge": Act.TITLE_PLEDGE_ENFORCE,
    "surrenderForDelivery": Act.TITLE_SURRENDER,
    "surrenderForAmendment": Act.TITLE_SURRENDER,
    "acceptSurrender": Act.TITLE_ANSWER,
    "rejectSurrender": Act.TITLE_ANSWER,
    "amend": Act.TITLE_REPLACE,
    "split": Act.TITLE_REPLACE,
    "combine": Act.TITLE_REPLACE,
    "switchBill": Act.TITLE_REPLACE,
    "switchToPaper": Act.TITLE_PAPER,
    "endAsPaper": Act.TITLE_PAPER,
    "lock": Act.TITLE_LOCK,
}
"""The marks of the direct acts. Those that only stop something have none."""


async def direct_act(request: Request, connection: AsyncConnection) -> Carried | None:
    """The direct act that a request to relay is, with the documents that were prepared for it; none
    where it is another party's, or where the endpoint refuses the request anyhow."""
    node, records = node_of(request), Records(connection)
    if not await request.body():
        return None
    try:
        wanted = RelayRequest.model_validate(await request.json())
        data = to_bytes(wanted.call)
        call = signed_acts(node).act_in(data)
        own = await own_party(records, node)
    except (ValidationError, Problem):
        return None
    found = await records.party_by_account(Address(wanted.signer))
    if found is None or found.state.index != own.index:
        return None
    drafted = await PreparedActs(connection).of(data)
    shown = {} if drafted is None else {"documents": drafted.documents}
    return Carried(RULES.get(call.function), shown)
