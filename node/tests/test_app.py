"""The node as a whole: who may call what, and what its OpenAPI document promises.

That the table here is kept to, `test_authorisation` finds out by calling everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from tests.office import Consortium, Office, opened
from tidan_node.domain.parties import Role
from tidan_node.problems import Problem
from tidan_node.web.caller import Requires
from tidan_node.web.errors import PROBLEM_JSON
from tidan_node.web.routes import GuardedRoute

PUBLIC = {
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/v1/problems"),
    ("GET", "/v1/problems/{slug}"),
    ("GET", "/.well-known/did.json"),
    ("GET", "/.well-known/certificates.pem"),
    ("GET", "/v1/status-lists/{number}"),
    ("POST", "/v1/sign-ins"),
    ("POST", "/v1/platform-sessions"),
    ("POST", "/v1/sessions"),
}
SIGNED = {("POST", "/v1/parcels")}
"""Another party's node signs what it sends here; it has no key of this node."""

SIGNED_IN = {("GET", "/v1/sessions/current"), ("DELETE", "/v1/sessions/current")}
"""About the caller's own session, whatever it covers; a key has none."""

RULES = {
    ("GET", "/metrics"): "admin",
    ("GET", "/v1/titles"): "records:read",
    ("GET", "/v1/titles/{title}"): "records:read",
    ("GET", "/v1/titles/{title}/history"): "records:read",
    ("GET", "/v1/titles/{title}/document"): "documents:read",
    ("GET", "/v1/titles/{title}/package"): "documents:read",
    ("POST", "/v1/operations:batch"): "operations:read",
    ("POST", "/v1/titles"): "titles:act",
    ("POST", "/v1/parcels/outgoing"): "documents:send",
    ("GET", "/v1/parcels"): "documents:read",
    ("GET", "/v1/parcels/{parcel}"): "documents:read",
    ("POST", "/v1/packages"): "documents:receive",
    ("GET", "/v1/trail/sealed"): "trail:read",
    ("GET", "/v1/audit/contents"): "trail:read",
    ("GET", "/v1/audit/blocks"): "records:read",
    ("POST", "/v1/audit/reports"): "reports:sign",
    ("POST", "/v1/trade-checks"): "documents:read",
    ("POST", "/v1/titles/{title}/offers"): "titles:act",
    ("POST", "/v1/titles/{title}/offers/withdraw"): "titles:act",
    ("POST", "/v1/titles/{title}/offers/accept"): "titles:act",
    ("POST", "/v1/titles/{title}/offers/decline"): "titles:act",
    ("POST", "/v1/titles/{title}/surrenders"): "titles:act",
    ("POST", "/v1/titles/{title}/surrenders/accept"): "titles:act",
    ("POST", "/v1/titles/{title}/surrenders/reject"): "titles:act",
    ("POST", "/v1/titles/{title}/surrenders/amendment"): "titles:act",
    ("POST", "/v1/titles/{title}/surrenders/cancel"): "titles:act",
    ("GET", "/v1/title-alarms"): "records:read",
    ("POST", "/v1/title-batches"): "titles:act",
    ("POST", "/v1/titles/{title}/endorsements"): "titles:act",
    ("POST", "/v1/titles/{title}/pledges"): "titles:act",
    ("POST", "/v1/titles/{title}/pledges/accept"): "titles:act",
    ("POST", "/v1/titles/{title}/pledges/decline"): "titles:act",
    ("POST", "/v1/titles/{title}/pledges/consent"): "titles:act",
    ("POST", "/v1/titles/{title}/pledges/release"): "titles:act",
    ("POST", "/v1/titles/{title}/pledges/enforce"): "titles:act",
    ("POST", "/v1/titles/{title}/amendments"): "titles:act",
    ("POST", "/v1/titles/{title}/splits"): "titles:act",
    ("POST", "/v1/titles/{title}/switches"): "titles:act",
    ("POST", "/v1/title-combinations"): "titles:act",
    ("POST", "/v1/titles/{title}/paper"): "titles:act",
    ("POST", "/v1/titles/{title}/paper/without-carrier"): "titles:act",
    ("POST", "/v1/titles/{title}/locks"): "titles:act",
    ("POST", "/v1/title-acts:prepare"): "titles:act",
    ("POST", "/v1/title-acts:relay"): "titles:act",
    ("GET", "/v1/invoices"): "records:read",
    ("GET", "/v1/invoices/{invoice}"): "records:read",
    ("GET", "/v1/invoices/{invoice}/history"): "records:read",
    ("GET", "/v1/invoices/{invoice}/document"): "documents:read",
    ("GET", "/v1/invoices/{invoice}/package"): "documents:read",
    ("POST", "/v1/invoices"): "invoices:act",
    ("POST", "/v1/invoices/{invoice}/acceptance"): "invoices:act",
    ("POST", "/v1/invoices/{invoice}/dispute"): "invoices:act",
    ("POST", "/v1/invoices/{invoice}/settlement"): "invoices:act",
    ("POST", "/v1/invoices/{invoice}/cancellation"): "invoices:act",
    ("POST", "/v1/invoices/{invoice}/links"): "invoices:act",
    ("GET", "/v1/policies"): "records:read",
    ("GET", "/v1/policies/{policy}"): "records:read",
    ("GET", "/v1/policies/{policy}/history"): "records:read",
    ("GET", "/v1/policies/{policy}/document"): "documents:read",
    ("GET", "/v1/policies/{policy}/package"): "documents:read",
    ("POST", "/v1/policies"): "policies:act",
    ("POST", "/v1/policies/{policy}/endorsements"): "policies:act",
    ("POST", "/v1/policies/{policy}/assignment"): "policies:act",
    ("POST", "/v1/policies/{policy}/cancellation"): "policies:act",
    ("GET", "/v1/council"): "records:read",
    ("GET", "/v1/council/proposals"): "records:read",
    ("GET", "/v1/council/proposals/{proposal}"): "records:read",
    ("POST", "/v1/council/proposals"): "council:act",
    ("POST", "/v1/council/proposals/{proposal}/approval"): "council:act",
    ("POST", "/v1/council/proposals/{proposal}/approval/withdrawal"): "council:act",
    ("POST", "/v1/council/proposals/{proposal}/objection"): "council:act",
    ("POST", "/v1/council/proposals/{proposal}/execution"): "council:act",
    ("GET", "/v1/platforms"): "records:read",
    ("GET", "/v1/gateways"): "records:read",
    ("POST", "/v1/gateways/{gateway}/admission"): "accounts:act",
    ("POST", "/v1/gateways/{gateway}/admission/withdrawal"): "accounts:act",
    ("POST", "/v1/rotations"): "accounts:act",
    ("POST", "/v1/rotations/cancellation"): "accounts:act",
    ("POST", "/v1/rotations/completion"): "accounts:act",
    ("GET", "/v1/approvals"): "operations:read",
    ("GET", "/v1/approvals/{approval}"): "operations:read",
    ("POST", "/v1/approvals/{approval}/approval"): "approvals:decide",
    ("POST", "/v1/approvals/{approval}/refusal"): "approvals:decide",
    ("POST", "/v1/approvals/{approval}/withdrawal"): "operations:read",
    ("GET", "/v1/approval-rules"): "operations:read",
    ("POST", "/v1/approval-rules"): "admin",
    ("GET", "/v1/lanes"): "operations:read",
    ("GET", "/v1/chains"): "records:read",
    ("GET", "/v1/operations"): "operations:read",
    ("GET", "/v1/operations/{operation}"): "operations:read",
    ("GET", "/v1/operations/{operation}/events"): "operations:read",
    ("GET", "/v1/events"): "records:read",
    ("POST", "/v1/search"): "documents:read",
    ("GET", "/v1/webhooks"): "webhooks:manage",
    ("POST", "/v1/webhooks"): "webhooks:manage",
    ("GET", "/v1/webhooks/{webhook}"): "webhooks:manage",
    ("DELETE", "/v1/webhooks/{webhook}"): "webhooks:manage",
    ("POST", "/v1/webhooks/{webhook}/test"): "webhooks:manage",
    ("GET", "/v1/parties"): "records:read",
    ("GET", "/v1/parties/{party:path}"): "records:read",
    ("POST", "/v1/parties/{party:path}/verification"): "records:read",
    ("GET", "/v1/credentials"): "credentials:issue",
    ("POST", "/v1/credentials"): "credentials:issue",
    ("POST", "/v1/credentials/{credential}/revocation"): "credentials:issue",
    ("POST", "/v1/credentials/presentations"): "credentials:issue",
    ("POST", "/v1/credentials/verification"): "records:read",
    ("GET", "/v1/me"): "records:read",
    ("POST", "/v1/profile"): "admin",
    ("GET", "/v1/users"): "admin",
    ("POST", "/v1/users"): "admin",
    ("GET", "/v1/users/{user}"): "admin",
    ("POST", "/v1/users/{user}/roles"): "admin",
    ("POST", "/v1/users/{user}/disabling"): "admin",
    ("POST", "/v1/users/{user}/enabling"): "admin",
    ("GET", "/v1/keys"): "keys:manage",
    ("POST", "/v1/keys"): "keys:manage",
    ("DELETE", "/v1/keys/{key}"): "keys:manage",
    ("GET", "/v1/trail"): "trail:read",
    ("GET", "/v1/trail/verify"): "trail:read",
}


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    consortium = Consortium(tmp_path)
    carrier = consortium.enrol(Role.CARRIER)
    async with opened(consortium, carrier) as office:
        await consortium.publish()
        yield office


def _routes(office: Office) -> Iterator[APIRoute]:
    for context in iter_route_contexts(office.app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            yield route
        else:
            assert route.path == "/openapi.json", "an endpoint that nothing guards"


class TestAuthorisation:
    async def test_the_table_names_every_endpoint_and_its_rule(self, office: Office) -> None:
        found: dict[tuple[str, str], str | None] = {}
        for route in _routes(office):
            assert isinstance(route, GuardedRoute)
            (method,) = route.methods
            rule = route.rule
            found[method, route.path] = str(rule.scope) if isinstance(rule, Requires) else None

        assert found == RULES | dict.fromkeys(PUBLIC | SIGNED | SIGNED_IN)


class TestOpenApi:
    async def test_it_describes_every_endpoint_with_its_problems(self, office: Office) -> None:
        document = (await office.get("/openapi.json")).json()

        described = {
            (method.upper(), path): operation
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
        }
        expected = {
            (method, path.replace(":path", ""))
            for method, path in {*RULES, *PUBLIC, *SIGNED, *SIGNED_IN}
        }
        assert set(described) == expected
        once = {
            (method, route.path)
            for route in _routes(office)
            if isinstance(route, GuardedRoute) and route.once
            for method in route.methods
        }
        for (method, path), operation in described.items():
            assert operation["description"], path
            problems = _problems(operation)
            assert "invalid-input" in problems
            assert ("not-authenticated" in problems) == ((method, path) not in PUBLIC | SIGNED)
            assert ("idempotency-key-reused" in problems) == ((method, path) in once)
            assert [
                each["name"] for each in operation.get("parameters", []) if each["in"] == "header"
            ] == (["Idempotency-Key"] if (method, path) in once else [])

    async def test_every_problem_that_it_names_has_a_page(self, office: Office) -> None:
        document = (await office.get("/openapi.json")).json()
        named: set[str] = set()
        for operations in document["paths"].values():
            for operation in operations.values():
                named |= _problems(operation)

        pages = {slug: await office.get(f"/v1/problems/{slug}") for slug in sorted(named)}

        assert len(pages) > 30
        assert {slug for slug, page in pages.items() if page.status_code != 200} == set()


def test_no_two_problems_share_a_type() -> None:
    kinds = [kind for kind in _kinds(Problem) if kind.__module__.startswith("tidan_node.")]

    slugs = Counter(kind.slug for kind in kinds)
    assert [slug for slug, count in slugs.items() if count > 1] == []
    assert len(slugs) > 50


def _kinds(parent: type[Problem]) -> Iterator[type[Problem]]:
    for kind in parent.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _problems(operation: dict[str, Any]) -> set[str]:
    return {
        problem.rsplit("/", 1)[-1]
        for response in operation["responses"].values()
        if PROBLEM_JSON in response.get("content", {})
        for problem in response["content"][PROBLEM_JSON]["schema"]["properties"]["type"]["enum"]
    }
