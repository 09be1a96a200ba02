"""The path of the search."""

from __future__ import annotations

from tidan_node.catalogue.schemas import SearchAnswer, SearchRequest
from tidan_node.catalogue.searching import Search
from tidan_node.records.problems import NothingIndexed
from tidan_node.web.caller import question, requires
from tidan_node.web.errors import described
from tidan_node.web.routes import guarded_router
from tidan_node.web.transactions import Reading

router = guarded_router("/v1/search", "search")


@router.post(
    "",
    dependencies=[requires("documents:read"), question()],
    responses=described(NothingIndexed),
)
async def search(body: SearchRequest, connection: Reading) -> SearchAnswer:
    """Find the documents that this node holds by a number in them: of a bill of lading, a
    container, a booking, an invoice, an order, a policy, a customs declaration …

    Case, spaces and dashes do not matter. The text stands in the body since no URL may hold it."""
    return await Search(connection).found(body)
