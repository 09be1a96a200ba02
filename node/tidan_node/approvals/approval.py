"""A request that waits for others of the party, and what has become of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NewType, cast

from tidan_node.people.caller import Caller, Scope
from tidan_node.web.approval_answers import ApprovalStatus
from tidan_node.web.four_eyes import Act, Intended

ApprovalId = NewType("ApprovalId", str)

_OF_PEOPLE: Final = frozenset({Act.USER_ADD, Act.USER_ROLES, Act.USER_ENABLE})
_DOCUMENTS: Final = frozenset({"document", "documents"})


@dataclass(frozen=True, slots=True)
class Approval:
    """The request as it was asked, who asked it with which rights, and how it ended."""

    id: ApprovalId
    act: Act
    scope: Scope
    path: str
    body: bytes | None
    fingerprint: str
    intended: Intended
    maker: Caller
    needed: int
    status: ApprovalStatus
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    reason: str | None = None
    answer: Mapping[str, object] | None = None
    problem: Mapping[str, object] | None = None

    def status_at(self, now: datetime) -> ApprovalStatus:
        """Where it stands: its time passes whether or not somebody notes it."""
        if self.status is ApprovalStatus.OPEN and now >= self.expires_at:
            return ApprovalStatus.EXPIRED
        return self.status

    def withheld_from(self, caller: Caller) -> frozenset[Scope]:
        """What the caller would have to cover to see all of the request. Of the directory, which
        is an administrator's to read, whoever decides sees what it decides on."""
        shown = {Scope.RECORDS_READ}
        if _states_a_document(self.request):
            shown.add(Scope.DOCUMENTS_READ)
        if self.act in _OF_PEOPLE and Scope.ADMIN not in caller.scopes:
            shown.add(Scope.APPROVALS_DECIDE)
        return frozenset(shown) - caller.scopes

    @property
    def request(self) -> dict[str, Any] | None:  # Any: a body that its endpoint took
        """The body as it will be carried out; None once it has ended."""
        if self.body is None:
            return None
        return cast(dict[str, Any], json.loads(self.body)) if self.body else {}

    def is_asked_by(self, caller: Caller) -> bool:
        """Whether the caller is who asked: the same person, by whichever key, session, agent or
        service; or the same key, where no person made it."""
        return caller.responsible == self.maker.responsible


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's yes."""

    user: str
    key_id: str
    at: datetime
    anchor_id: str | None = None
    """The recognition that it counts by, where the person is of another platform."""
    ended: bool = False
    """Whether the key that it was given by was revoked since, or has expired."""


def fingerprint_request(path: str, body: bytes) -> str:
    """What the trail calls a request, without telling what is in it."""
    digest = hashlib.sha256()
    for part in (path.encode(), body):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _states_a_document(body: object) -> bool:
    """Whether somewhere in a body a document stands: the act's own, or that of one of several."""
    if isinstance(body, dict):
        return not _DOCUMENTS.isdisjoint(body) or any(map(_states_a_document, body.values()))
    return isinstance(body, list) and any(map(_states_a_document, body))
