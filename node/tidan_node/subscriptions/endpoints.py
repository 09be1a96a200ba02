"""The path of the chain's events as a stream."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.indexer.places import EventPlace
from tidan_node.people.caller import Scope
from tidan_node.problems import InvalidInput
from tidan_node.subscriptions.cloud_events import events_of_types
from tidan_node.subscriptions.feed import Feed, Wanted
from tidan_node.subscriptions.problems import PositionUnknown
from tidan_node.subscriptions.schemas import MOST_NAMED, RecordName, TypeName
from tidan_node.subscriptions.watching import Watch
from tidan_node.web.caller import Requires, requires
from tidan_node.web.errors import described
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import NodeState, node_of
from tidan_node.web.streaming import STREAMED, TooManyStreams

router = guarded_router("/v1/events", "events")

LAST_EVENT_ID: Final = "Last-Event-ID"
_RULE: Final = Requires(Scope.RECORDS_READ)


@router.get(
    "",
    dependencies=[requires("records:read")],
    response_class=Response,
    responses=STREAMED | described(PositionUnknown, TooManyStreams),
)
async def watch_events(
    request: Request,
    type: Annotated[  # noqa: A002  its name in the query
        list[TypeName] | None,
        Query(
            max_length=MOST_NAMED,
            description="Only of this type, or of those that go on from it: `tidan.title`.",
        ),
    ] = None,
    record: Annotated[
        list[RecordName] | None,
        Query(max_length=MOST_NAMED, description="Only of this title, invoice, policy or party."),
    ] = None,
    after: Annotated[
        str | None,
        Query(
            max_length=120,
            description="The id of the last event that you have, or `start` for everything.",
        ),
    ] = None,
) -> Response:
    """What happens on the chain (`text/event-stream`): each event is a CloudEvent, in the chain's
    order, at least once, as soon as this node has read it.

    The stream begins behind `Last-Event-ID`, else behind `after`, else now. Where the chain takes
    back blocks, its events are told anew from the block at which it parted; they have other ids."""
    node = node_of(request)
    wanted = Wanted(
        None if type is None else events_of_types(type, "type"),
        None if record is None else tuple(each.lower() for each in record),
    )
    place = await _beginning(node, request.headers.get(LAST_EVENT_ID) or after)
    watch = Watch(node, wanted, place, partial(_RULE.admit, request))
    return node.streams.response(watch.messages())


async def _beginning(node: NodeState, shown: str | None) -> EventPlace:
    """Where the stream begins; a place that the node has never seen is refused before it does."""
    place = None if shown is None else EventPlace.parse(shown)
    if shown is not None and place is None:
        raise InvalidInput("is no id of an event of this stream, nor `start`", field="after")
    async with node.database.reading() as connection:
        feed = Feed(connection, node.chain.chain_id)
        if place is None:
            return await feed.newest()
        await feed.resolved(place)
        return place
