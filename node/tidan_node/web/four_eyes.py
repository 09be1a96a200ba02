"""Acts that may wait for others: the mark on their endpoints, and who is asked about them."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol, cast

from fastapi import Depends, params
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from tidan_node.people.caller import Caller, Scope
from tidan_node.problems import Problem
from tidan_node.web.approval_answers import ApprovalAnswer


class Act(enum.StrEnum):
    """What a party may have its own people approve before it is done.

    What only stops or takes back something (declining, withdrawing, disputing, objecting,
    disabling) is none of these: four eyes never delay a stop.
    """

    TITLE_ISSUE = "title.issue"
    TITLE_OFFER = "title.offer"
    TITLE_ACCEPT = "title.accept"
    TITLE_ENDORSE = "title.endorse"
    TITLE_PLEDGE = "title.pledge"
    TITLE_PLEDGE_ACCEPT = "title.pledge-accept"
    TITLE_PLEDGE_CONSENT = "title.pledge-consent"
    TITLE_PLEDGE_RELEASE = "title.pledge-release"
    TITLE_PLEDGE_ENFORCE = "title.pledge-enforce"
    TITLE_SURRENDER = "title.surrender"
    TITLE_ANSWER = "title.answer"
    TITLE_REPLACE = "title.replace"
    TITLE_PAPER = "title.paper"
    TITLE_LOCK = "title.lock"
    TITLE_RELAY = "title.relay"
    INVOICE_REGISTER = "invoice.register"
    INVOICE_ACCEPT = "invoice.accept"
    INVOICE_SETTLE = "invoice.settle"
    INVOICE_CANCEL = "invoice.cancel"
    INVOICE_LINK = "invoice.link"
    POLICY_ISSUE = "policy.issue"
    POLICY_ENDORSE = "policy.endorse"
    POLICY_ASSIGN = "policy.assign"
    POLICY_CANCEL = "policy.cancel"
    COUNCIL_PROPOSE = "council.propose"
    COUNCIL_APPROVE = "council.approve"
    COUNCIL_EXECUTE = "council.execute"
    CREDENTIAL_ISSUE = "credential.issue"
    PROFILE_CHANGE = "profile.change"
    ROTATION_REQUEST = "rotation.request"
    ROTATION_COMPLETE = "rotation.complete"
    GATEWAY_ADMIT = "gateway.admit"
    USER_ADD = "user.add"
    USER_ROLES = "user.roles"
    USER_ENABLE = "user.enable"
    RULE_SET = "approval-rule.set"


GOVERNING: Final = frozenset({Act.USER_ADD, Act.USER_ROLES, Act.USER_ENABLE, Act.RULE_SET})
"""Acts that change who approves what. They need as many as the strictest rule does: else whoever
may do them could make itself free of every rule."""


@dataclass(frozen=True, slots=True)
class Intended:
    """What a request comes to, as the operation that it leads to says it."""

    kind: str
    target: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is kept instead of carried out."""

    act: Act
    scope: Scope
    path: str
    body: bytes
    intended: Intended
    caller: Caller


class FourEyes(Protocol):
    """How many others an act needs, and where it waits for them."""

    async def needed(self, connection: AsyncConnection, act: Act) -> int: ...

    async def keep(
        self, connection: AsyncConnection, asked: Asked, now: datetime
    ) -> ApprovalAnswer: ...

    async def expire(self, connection: AsyncConnection, now: datetime) -> None: ...


class NoFourEyes:
    """A node whose acts wait for nobody."""

    async def needed(self, connection: AsyncConnection, act: Act) -> int:
        return 0

    async def keep(
        self, connection: AsyncConnection, asked: Asked, now: datetime
    ) -> ApprovalAnswer:
        raise NotImplementedError("nothing waits here")

    async def expire(self, connection: AsyncConnection, now: datetime) -> None:
        """Nothing waits here."""


class RuleChangedMeanwhile(Problem):
    """While the act was being carried out, a rule came into force by which it waits for approval.
    Nothing was done; send it again."""

    status, slug, title = 409, "rule-changed-meanwhile", "The act needs approval since just now"


@dataclass(frozen=True, slots=True)
class Carried:
    """The act inside of a request that only carries it: its rule, if it has one, and what who
    approves must see of it that the request need not state."""

    act: Act | None
    shown: Mapping[str, object] = field(default_factory=dict, repr=False)


Within = Callable[[Request, AsyncConnection], Awaitable[Carried | None]]


class ActMark:
    """As a dependency it only marks the endpoint; `GuardedRoute` reads it."""

    def __init__(self, name: Act, within: Within | None) -> None:
        self.name = name
        self.within = within

    async def __call__(self) -> None:
        """Nothing to do."""


def act(name: str, *, within: Within | None = None) -> params.Depends:
    """Marks a POST that the party may have approved: `dependencies=[…, act("title.offer")]`. Where
    it carries another act, the rule of that one holds it as well."""
    return cast(params.Depends, Depends(ActMark(Act(name), within)))


def mark_among(dependencies: Iterable[params.Depends]) -> ActMark | None:
    """The mark that stands among an endpoint's dependencies."""
    for declared in dependencies:
        if isinstance(declared.dependency, ActMark):
            return declared.dependency
    return None
