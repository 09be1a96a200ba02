"""Paths of webhooks."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.problems import NotFound
from tidan_node.subscriptions.problems import TooManyWebhooks, WebhookUrlRefused
from tidan_node.subscriptions.repository import WebhookRepository
from tidan_node.subscriptions.schemas import (
    TrialAnswer,
    WebhookAnswer,
    WebhookList,
    WebhookMade,
    WebhookRequest,
)
from tidan_node.subscriptions.service import Webhooks, tried, webhook_by_id
from tidan_node.subscriptions.webhook import secret_text
from tidan_node.web.caller import CurrentCaller, question, requires
from tidan_node.web.errors import described
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import VISIBLE
from tidan_node.web.shown_once import ShownOnce
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading, Writing

router = guarded_router("/v1/webhooks", "webhooks")

Id = Annotated[str, Path(max_length=66, pattern=VISIBLE, description="The webhook's id.")]


async def _webhooks(request: Request, connection: Writing, caller: CurrentCaller) -> Webhooks:
    return Webhooks(connection, node_of(request), caller)


Kept = Annotated[Webhooks, Depends(_webhooks)]


@router.post(
    "",
    status_code=201,
    dependencies=[requires("webhooks:manage")],
    response_model=WebhookMade,
    responses=described(WebhookUrlRefused, TooManyWebhooks),
)
async def add_webhook(body: WebhookRequest, webhooks: Kept) -> Response:
    """Have what happens on the chain delivered to a URL, from now on: CloudEvents in JSON, signed
    as Standard Webhooks says with the secret of this answer, which is shown this once.

    Each event comes at least once and in the chain's order. One that is not answered with 2xx in
    10 seconds comes again, later and later; the next one waits for it. `webhook-id` is the same
    in each attempt. A receiver that fails for five days, or answers 410, is disabled. Where the
    chain takes back blocks, its events are delivered anew from the block at which it parted."""
    made = await webhooks.add(body)
    shown = WebhookMade(**dict(WebhookAnswer.of(made)), secret=secret_text(made.secret))
    return ShownOnce(shown, status_code=201, kept_with={"secret": None})


@router.get("", dependencies=[requires("webhooks:manage")])
async def list_webhooks(connection: Reading) -> WebhookList:
    """All webhooks, the oldest first, and how their deliveries go."""
    found = await WebhookRepository(connection).all()
    return WebhookList(items=[WebhookAnswer.of(each) for each in found])


@router.get("/{webhook}", dependencies=[requires("webhooks:manage")], responses=described(NotFound))
async def show_webhook(webhook: Id, connection: Reading) -> WebhookAnswer:
    """One webhook, and how its deliveries go."""
    return WebhookAnswer.of(await webhook_by_id(connection, webhook))


@router.delete(
    "/{webhook}",
    status_code=204,
    dependencies=[requires("webhooks:manage")],
    responses=described(NotFound),
)
async def remove_webhook(webhook: Id, webhooks: Kept) -> None:
    """Deliver nothing more to it."""
    await webhooks.remove(webhook)


@router.post(
    "/{webhook}/test",
    dependencies=[requires("webhooks:manage"), question()],
    responses=described(NotFound),
)
async def try_webhook(webhook: Id, request: Request) -> TrialAnswer:
    """Deliver an event of the type `tidan.webhook.test` at once, and say what came of it."""
    return await tried(node_of(request), webhook)
