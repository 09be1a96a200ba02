"""The path of surrenders that nobody answers."""

from __future__ import annotations

from starlette.requests import Request

from tidan_node.domain.identifiers import NO_PARTY
from tidan_node.people.caller import Scope
from tidan_node.records.problems import NothingIndexed
from tidan_node.records.records import Records
from tidan_node.records.surrender_alarms import SurrenderAlarms
from tidan_node.storage.contents import ContentRepository
from tidan_node.titles.alarm_schemas import AlarmAnswer, AlarmPage
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.pagination import Page, Position, cursor_of
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import AsOf
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading

router = guarded_router("/v1/title-alarms", "titles")


@router.get(
    "",
    dependencies=[requires("records:read")],
    responses=described(CursorInvalid, NothingIndexed),
)
async def list_alarms(
    request: Request, connection: Reading, page: Page, caller: CurrentCaller
) -> AlarmPage:
    """Surrenders that have waited too long for an answer: those that this node's party has asked
    for, and those that it should answer. One that is answered or taken back is here no more."""
    records = Records(connection)
    as_of = await records.as_of()
    found = await SurrenderAlarms(connection, node_of(request).account).standing(
        limit=page.limit + 1, before=page.after.key if page.after else None
    )
    shown = found[: page.limit]
    parties = {each.possessor for each in shown} | {each.awaited for each in shown}
    names = await records.party_names(parties - {NO_PARTY})
    numbers: dict[str, str] = {}
    if Scope.DOCUMENTS_READ in caller.scopes:
        asked = ((each.title, each.content_root) for each in shown)
        numbers = await ContentRepository(connection).numbers(asked)
    last = shown[-1] if len(found) > page.limit else None
    return AlarmPage(
        items=[AlarmAnswer.of(each, names, numbers.get(each.title)) for each in shown],
        next_cursor=None if last is None else cursor_of(Position(last.number, last.title)),
        as_of=AsOf.of(as_of),
    )
