"""`tidan policy endorse|assign|cancel|history|share|package|receive`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tidan_cli.client import Document, NodeClient, connected
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
from tidan_cli.output import Terminal, short
from tidan_cli.package import Force, Output, PackageFile, take_in, write_package
from tidan_cli.policy import PolicyArgument
from tidan_cli.record_acts import act_on, teaching
from tidan_cli.sharing import To, WaitForDelivery, after_act, share_record
from tidan_cli.title import history_table, named


def register(app: typer.Typer) -> None:
    """Add these commands to the group of policies."""
    for name, command, words in (
        ("endorse", endorse, "0b8e4415 endorsed-policy.json"),
        ("assign", assign, "0b8e4415 --to LEI:5299…"),
        ("cancel", cancel, "0b8e4415"),
        ("history", history, "0b8e4415"),
        ("share", share, "0b8e4415 --to LEI:5299…"),
        ("package", package, "0b8e4415 -o policy.tidan"),
        ("receive", receive, "policy.tidan"),
    ):
        app.command(name, epilog=example(f"tidan policy {name} {words}"))(command)


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


def cancel(
    policy: PolicyArgument,
    *,
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """End a policy, as its insurer, whether it is assigned or not."""
    body = {"expectedSeq": expected_seq}
    with teaching("policy", policy):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            act_on("policy", policy, "cancellation", body, lambda id_: f"cancelled {short(id_)}")
        )


def history(
    policy: PolicyArgument, node: Node = None, home: Home = None, as_json: AsJson = False
) -> None:
    """Show every act on a policy: what, by whom, when, in which block and transaction."""
    with connected(node, home) as client:
        answer = client.get(f"/v1/policies/{whole_id(client, 'policies', policy)}/history")
    Terminal(as_json=as_json).answer(answer, lambda console: _history(console, answer))


def share(
    policy: PolicyArgument,
    *,
    to: To,
    wait: WaitForDelivery = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Send a policy's package to a party's node: that party can read the document then."""
    share_record(
        "policy",
        policy,
        to,
        wait=wait,
        timeout=timeout,
        idempotency_key=idempotency_key,
        node=node,
        home=home,
        as_json=as_json,
    )


def package(
    policy: PolicyArgument,
    output: Output = None,
    *,
    force: Force = False,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write the package of a policy: document, salts and proof, for a party that is to hold it.

    It holds the document in clear: give it to nobody else."""
    write_package("policy", policy, output, force=force, node=node, home=home, as_json=as_json)


def receive(
    file: PackageFile,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Take in a package: the node checks it against the chain, and refuses what does not match."""
    take_in(file, idempotency_key=idempotency_key, node=node, home=home, as_json=as_json)


def _history(console: Console, answer: Document) -> None:
    console.print(history_table(answer["acts"], _said))


def _said(details: Document) -> str:
    if "insured" in details:
        return f"for {named(details['insured'])}, until {details['expires']}"
    if "version" in details:
        return f"version {details['version']}"
    if "lossPayee" in details:
        return f"losses to {named(details['lossPayee'])}"
    return ""
