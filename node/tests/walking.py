"""How every endpoint of a node is asked, and what the table says that must come of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from tests.office import Office
from tests.statements import issued
from tests.test_app import PUBLIC, RULES, SIGNED, SIGNED_IN
from tidan_node.people.roles import UserRole

Endpoint = tuple[str, str]
SHUT = {401, 403, 405, 500}
EVERYBODY = frozenset(UserRole)
MAKERS, CHECKERS, ADMINS = UserRole.MAKER, UserRole.CHECKER, UserRole.ADMIN

ROLES: Mapping[str, frozenset[UserRole]] = {
    "records:read": EVERYBODY,
    "documents:read": EVERYBODY,
    "operations:read": EVERYBODY,
    "keys:manage": EVERYBODY,
    "documents:send": frozenset({MAKERS}),
    "documents:receive": frozenset({MAKERS}),
    "titles:act": frozenset({MAKERS}),
    "invoices:act": frozenset({MAKERS}),
    "policies:act": frozenset({MAKERS}),
    "council:act": frozenset({MAKERS}),
    "credentials:issue": frozenset({MAKERS}),
    "reports:sign": frozenset({MAKERS, CHECKERS}),
    "approvals:decide": frozenset({CHECKERS}),
    "trail:read": frozenset({CHECKERS, ADMINS}),
    "accounts:act": frozenset({ADMINS}),
    "webhooks:manage": frozenset({ADMINS}),
    "admin": frozenset({ADMINS}),
}
"""The third column of the table: whose roles cover the scope that an endpoint requires."""

NOT_AN_AGENTS = {"approvals:decide", "keys:manage", "admin"}


@dataclass(frozen=True)
class Told:
    """An answer as whoever asked has it, and what it has cost."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statements: tuple[str, ...]


def endpoints_of(app: FastAPI) -> list[Endpoint]:
    """All that the application answers to, but its own description."""
    found = []
    for context in iter_route_contexts(app.routes):
        if isinstance(route := context.original_route, APIRoute):
            found += [(method, route.path) for method in route.methods]
    return found


async def ask(office: Office, endpoint: Endpoint, shown: Mapping[str, str]) -> Told:
    """An object that there is not, and no body: whoever is let in hears of these."""
    method, pattern = endpoint
    path = re.sub(r"{[^}]*}", "0x" + "ab" * 32, pattern)
    once = office.new_key() if method == "POST" else {}
    with issued(office.database) as statements:
        answer = await office.client.request(method, path, headers={**once, **shown})
    kept = [
        each for each in answer.headers.multi_items() if each[0] not in ("x-request-id", "date")
    ]
    return Told(answer.status_code, tuple(kept), answer.content, tuple(statements))


async def walked(
    office: Office, endpoints: list[Endpoint], shown: Mapping[str, str]
) -> dict[Endpoint, Told]:
    """The answer of each of these to whoever shows this."""
    return {each: await ask(office, each, shown) for each in endpoints}


def statuses(told: Mapping[Endpoint, Told], open_to: set[str]) -> dict[Endpoint, tuple[int, int]]:
    """Where an answer is not the one that the table has for whoever has these scopes: the status
    that came, and the one that should have."""
    wrong = {}
    for endpoint, answer in told.items():
        if endpoint in RULES and RULES[endpoint] not in open_to:
            if answer.status != 403:
                wrong[endpoint] = answer.status, 403
        elif answer.status in SHUT:
            wrong[endpoint] = answer.status, 404
    return wrong


def guarded(endpoints: list[Endpoint]) -> list[Endpoint]:
    return [each for each in endpoints if each not in PUBLIC | SIGNED]


def scoped(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Those that a scope opens."""
    return [each for each in guarded(endpoints) if each not in SIGNED_IN]
