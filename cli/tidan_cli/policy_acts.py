"""`tidan policy endorse|assign|cancel|history|share|package|receive`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidan_cli import package, sharing
from tidan_cli.client import Document, NodeClient
from tidan_cli.documents import json_text
from tidan_cli.following import Asked, Errand
from tidan_cli.identifiers import whole_id
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    AsJson,
    ExpectedSeq,
    Home,
    IdempotencyKey,
    Node,
    Timeout,
    Wait,
    example,
)
from tidan_cli.output import short
from tidan_cli.policy import PolicyArgument
from tidan_cli.record_acts import act_on, add_history, add_plain_act
from tidan_cli.record_groups import RecordGroup
from tidan_cli.sharing import after_act
from tidan_cli.teaching import teaching
from tidan_cli.title_words import named

CANCEL = "End a policy, as its insurer, whether it is assigned or not."


def register(app: typer.Typer) -> None:
    """Add these commands to the group of policies."""
    group = RecordGroup(app, "policy", PolicyArgument, "a policy", "0b8e4415", "policy.tidan")
    app.command("endorse", epilog=example("tidan policy endorse 0b8e4415 endorsed-policy.json"))(
        endorse
    )
    app.command("assign", epilog=example("tidan policy assign 0b8e4415 --to LEI:5299…"))(assign)
    add_plain_act(group, "cancel", "cancellation", "cancelled", CANCEL)
    add_history(group, _said)
    sharing.register(group)
    package.register(group)


def endorse(
    policy: PolicyArgument,
    document: Annotated[
        Path,
        typer.Argument(metavar="DOCUMENT", help="The policy as it reads from now on (JSON)."),
    ],
    *,
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Replace a policy's content by a new version of it, as its insurer.

    The document is the whole policy, under the same number and with the same end of cover. The
    insured, and the loss payee, are sent the new version."""
    body = json_text(document).as_member("document", {"expectedSeq": expected_seq})

    def ask(client: NodeClient, key: str | None) -> Asked:
        id_ = whole_id(client, "policies", policy)
        accepted = client.post_raw(f"/v1/policies/{id_}/endorsements", body, idempotency_key=key)
        return Asked(accepted, f"endorsed {short(id_)}", after_act(id_))

    with teaching("policy", policy):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(ask)


def assign(
    policy: PolicyArgument,
    *,
    to: Annotated[str, typer.Option("--to", metavar="PARTY", help="To whom losses are paid.")],
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Assign a policy to a loss payee, such as your bank, as the insured. It is done once.

    The loss payee is sent the policy, where your node holds it."""
    body = {"lossPayee": to, "expectedSeq": expected_seq}
    with teaching("policy", policy):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            act_on(
                "policy",
                policy,
                "assignment",
                body,
                lambda id_: f"assigned {short(id_)} to {to}",
                sequel=after_act,
            )
        )


def _said(details: Document) -> str:
    if "insured" in details:
        return f"for {named(details['insured'])}, until {details['expires']}"
    if "version" in details:
        return f"version {details['version']}"
    if "lossPayee" in details:
        return f"losses to {named(details['lossPayee'])}"
    return ""
