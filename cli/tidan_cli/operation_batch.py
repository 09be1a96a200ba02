"""`tidan operation batch FILE`: many acts, sent by the hundred, each done or refused by itself."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.batches import BatchSender, requests_of
from tidan_cli.client import Document, connected
from tidan_cli.failures import SomeRefused
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    AsJson,
    Home,
    IdempotencyKey,
    Node,
    example,
)
from tidan_cli.output import Terminal, counted, printable, table


def register(app: typer.Typer) -> None:
    """Add the command to the group of operations."""
    app.command(
        "batch",
        epilog=example("tidan operation batch offers.jsonl --idempotency-key offers-of-may"),
    )(batch)


def batch(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="An act on each line: a JSON object of its path and its body, such as"
            ' {"path": "/v1/titles/0x3f…/offers", "body": {"recipient": "3"}}.',
        ),
    ],
    *,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            min=0,
            help="How long to send on to a node whose queue is full.",
            rich_help_panel="Waiting",
        ),
    ] = 10 * DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Ask for many operations at once, and say of each what the node has answered.

    They must not depend on each other. Run again with the same --idempotency-key and the same file,
    it does none of them twice. Where the node's queue is full it sends on when the node says. It
    does not wait for the operations' ends: `tidan operation list` shows them."""
    terminal = Terminal(as_json=as_json)
    requests = requests_of(file)
    key = idempotency_key or str(uuid.uuid4())
    with connected(node, home) as client, terminal.counting("acts sent") as progress:
        answers = BatchSender(client, key, timeout, progress).send(requests)
    answer = {"idempotencyKey": key, "items": answers}
    refused = [each for each in answers if each["status"] >= 400]
    terminal.answer(answer, lambda console: _tell(console, answers, refused))
    if refused:
        raise SomeRefused(
            f"{len(refused)} of {counted(len(answers), 'act')} refused: send what is put right in a"
            f" file of its own, under another key; this file with --idempotency-key {key} does"
            " nothing twice",
            idempotencyKey=key,
        )


def _tell(console: Console, answers: list[Document], refused: list[Document]) -> None:
    taken = len(answers) - len(refused)
    console.print(Text("✓ ", style="green") + Text(f"{counted(taken, 'act')} taken"))
    if refused:
        rows = ((each["line"], each["status"], _reason(each["body"])) for each in refused)
        console.print(table(("line", "status", "refused because"), rows))


def _reason(problem: Document) -> str:
    return printable(str(problem.get("detail") or problem.get("title") or problem.get("type")))
