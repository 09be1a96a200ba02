"""Paths of API keys."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.people.problems import (
    ApiKeyUnknown,
    DelegationRefused,
    ScopeUnknown,
    UserUnknown,
)
from tidan_node.users.keys import Keys
from tidan_node.users.schemas import KeyAnswer, KeyMade, KeyPage, KeyRequest
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.pagination import Page
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import VISIBLE
from tidan_node.web.shown_once import ShownOnce
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading, Writing

router = guarded_router("/v1/keys", "people")

Id = Annotated[str, Path(max_length=66, pattern=VISIBLE, description="The key's id.")]


async def _keys(request: Request, connection: Writing, caller: CurrentCaller) -> Keys:
    return Keys(connection, node_of(request), caller)


Kept = Annotated[Keys, Depends(_keys)]


@router.get("", dependencies=[requires("keys:manage")], responses=described(CursorInvalid))
async def list_keys(
    request: Request, connection: Reading, caller: CurrentCaller, page: Page
) -> KeyPage:
    """An administrator's view of all keys; everybody else's of those of its own."""
    return await Keys(connection, node_of(request), caller).page(page)


@router.post(
    "",
    status_code=201,
    dependencies=[requires("keys:manage")],
    response_model=KeyMade,
    responses=described(ScopeUnknown, DelegationRefused, UserUnknown),
)
async def create_key(body: KeyRequest, keys: Kept, request: Request) -> Response:
    """Make a key: for a service (`admin`), for oneself (`user`: `me`), or for an agent that acts in
    one's place. A person's key covers at each moment no more than the person's roles do; an agent's
    never `admin`, `keys:manage` or `approvals:decide`; both end within 90 days, and at once when
    the person is disabled. The key's text is in this answer alone."""
    key, text = await keys.create(body)
    answer = KeyAnswer.of(key, node_of(request).clock())
    made = KeyMade(**dict(answer), key=text.reveal())
    return ShownOnce(made, status_code=201, kept_with={"key": None})


@router.delete(
    "/{key}",
    status_code=204,
    dependencies=[requires("keys:manage")],
    responses=described(ApiKeyUnknown),
)
async def revoke_key(key: Id, keys: Kept) -> None:
    """From now on the key opens nothing. Only an administrator can revoke a key of others."""
    await keys.revoke(key)
