"""Paths of the directory of people."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path
from starlette.requests import Request

from tidan_node.people.problems import UserExists, UserRoleUnknown, UserUnknown
from tidan_node.people.users import Users
from tidan_node.users.directory import Directory, user_page
from tidan_node.users.schemas import RolesRequest, UserAnswer, UserPage, UserRequest
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.pagination import Page
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import VISIBLE
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading, Writing

router = guarded_router("/v1/users", "people")

Id = Annotated[str, Path(max_length=66, pattern=VISIBLE, description="The user's id.")]


async def _directory(request: Request, connection: Writing, caller: CurrentCaller) -> Directory:
    return Directory(connection, node_of(request), caller)


Kept = Annotated[Directory, Depends(_directory)]


@router.get("", dependencies=[requires("admin")], responses=described(CursorInvalid))
async def list_users(connection: Reading, page: Page) -> UserPage:
    """The people of this party, in the order in which they were added."""
    return await user_page(connection, page)


@router.get("/{user}", dependencies=[requires("admin")], responses=described(UserUnknown))
async def show_user(user: Id, connection: Reading) -> UserAnswer:
    """One person: what it is to the party, and whether it may sign in."""
    return UserAnswer.of(await Users(connection).by_id(user))


@router.post(
    "",
    status_code=201,
    dependencies=[requires("admin"), act("user.add")],
    responses=described(UserExists, UserRoleUnknown),
)
async def add_user(body: UserRequest, directory: Kept) -> UserAnswer:
    """Add a person, as the OpenID provider or another platform knows it. Nobody else signs in."""
    return UserAnswer.of(await directory.add(body))


@router.post(
    "/{user}/roles",
    dependencies=[requires("admin"), act("user.roles")],
    responses=described(UserUnknown, UserRoleUnknown),
)
async def change_roles(user: Id, body: RolesRequest, directory: Kept) -> UserAnswer:
    """Give a person other roles. From its next request on, its sessions, its keys and its agents'
    cover no more than these; what the new ones add comes with the next sign-in."""
    return UserAnswer.of(await directory.change_roles(user, body.roles))


@router.post(
    "/{user}/disabling",
    dependencies=[requires("admin")],
    responses=described(UserUnknown),
)
async def disable_user(user: Id, directory: Kept) -> UserAnswer:
    """Shut a person out at once: its sessions end, its keys and its agents' are revoked for good,
    and it cannot sign in until it is enabled."""
    return UserAnswer.of(await directory.disable(user))


@router.post(
    "/{user}/enabling",
    dependencies=[requires("admin"), act("user.enable")],
    responses=described(UserUnknown),
)
async def enable_user(user: Id, directory: Kept) -> UserAnswer:
    """Let a person sign in again. What ended when it was disabled stays ended."""
    return UserAnswer.of(await directory.enable(user))
