"""Paths of approvals, and of the rules that acts wait by."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.approvals import problems as refused
from tidan_node.approvals.deciding import Deciding
from tidan_node.approvals.reading import ApprovalReader
from tidan_node.approvals.rules import Rules
from tidan_node.approvals.schemas import (
    ApprovalDetails,
    ApprovalPage,
    RefusalRequest,
    RuleChanged,
    RuleList,
    RuleRequest,
)
from tidan_node.web.approval_answers import ApprovalStatus
from tidan_node.web.caller import CurrentCaller, requires
from tidan_node.web.errors import described
from tidan_node.web.four_eyes import act
from tidan_node.web.pagination import Page
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import VISIBLE
from tidan_node.web.shown_once import ShownOnce
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading, Undertaking, Writing

router = guarded_router("/v1/approvals", "approvals")
rules = guarded_router("/v1/approval-rules", "approvals")

Id = Annotated[str, Path(max_length=36, pattern=VISIBLE, description="The approval's id.")]


async def _deciding(request: Request, undertaking: Undertaking, caller: CurrentCaller) -> Deciding:
    return Deciding(request, undertaking, caller)


Decides = Annotated[Deciding, Depends(_deciding)]
_DECISION = (refused.ApprovalUnknown, refused.ApprovalEnded)
_PERSON = (refused.ApproverNotAPerson, refused.MakerMayNotDecide)


@router.get("", dependencies=[requires("operations:read")], responses=described(CursorInvalid))
async def list_approvals(
    request: Request,
    connection: Reading,
    caller: CurrentCaller,
    page: Page,
    status: ApprovalStatus | None = None,
) -> ApprovalPage:
    """What waits, or waited, for others of the party; the newest first."""
    return await ApprovalReader(connection, node_of(request).clock()).page(page, status, caller)


@router.get(
    "/{approval}",
    dependencies=[requires("operations:read")],
    responses=described(refused.ApprovalUnknown),
)
async def show_approval(
    approval: Id, request: Request, connection: Reading, caller: CurrentCaller
) -> ApprovalDetails:
    """What will be done, in fields, who asked for it, and who has approved it. Of a document only
    a caller who may read documents sees anything."""
    return await ApprovalReader(connection, node_of(request).clock()).details(approval, caller)


@router.post(
    "/{approval}/approval",
    dependencies=[requires("approvals:decide")],
    response_model=ApprovalDetails,
    responses=described(*_DECISION, *_PERSON, refused.ApprovalNotSeen, refused.ApprovedBefore),
)
async def approve(approval: Id, deciding: Decides) -> Response:
    """Approve it. The last approval that is needed carries the act out in the same commit, in its
    maker's name and with the rights that the maker has now. Where it is no longer possible, or
    would come to something else than was approved, it ends as `failed` with the problem. What the
    act shows once, as the text of a credential, is in this answer alone."""
    details, done = await deciding.approve(approval)
    shown = details if done is None else details.model_copy(update={"answer": done})
    kept = {"request": None, "answer": details.answer}
    return ShownOnce(shown, status_code=200, kept_with=kept)


@router.post(
    "/{approval}/refusal",
    dependencies=[requires("approvals:decide")],
    responses=described(*_DECISION, *_PERSON),
)
async def refuse(approval: Id, body: RefusalRequest, deciding: Decides) -> ApprovalDetails:
    """Refuse it, and say why. One refusal ends it."""
    return await deciding.refuse(approval, body.reason)


@router.post(
    "/{approval}/withdrawal",
    dependencies=[requires("operations:read")],
    responses=described(*_DECISION, refused.NotTheMaker),
)
async def withdraw(approval: Id, deciding: Decides) -> ApprovalDetails:
    """Take back what one has asked for. The key must cover the act itself."""
    return await deciding.withdraw(approval)


@rules.get("", dependencies=[requires("operations:read")])
async def list_rules(request: Request, connection: Reading) -> RuleList:
    """Every act that can wait for approval, how many approvers it needs, and how many users could
    approve. Where they are fewer than an act needs, it cannot be done until there are more."""
    return await ApprovalReader(connection, node_of(request).clock()).rules()


@rules.post(
    "",
    dependencies=[requires("admin"), act("approval-rule.set")],
    responses=described(refused.ActUnknown, refused.TooFewApprovers),
)
async def require_approvers(
    body: RuleRequest, request: Request, connection: Writing, caller: CurrentCaller
) -> RuleChanged:
    """Say how many others must approve an act. Once any act needs somebody, so does this: as many
    as the strictest rule."""
    return await Rules(connection, node_of(request), caller).require(body)
