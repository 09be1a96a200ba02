"""How approvals and their rules are told to people."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from tidan_cli.awaiting import OPEN, needs
from tidan_cli.client import Document
from tidan_cli.intended_words import in_words
from tidan_cli.output import facts, printable, short, table


def tell_list(console: Console, approvals: list[Document]) -> None:
    rows = (
        (
            each["id"],
            each["act"],
            short(each["target"]),
            each["maker"]["name"],
            _stands(each),
            each["createdAt"],
        )
        for each in approvals
    )
    console.print(table(("approval", "act", "on", "asked by", "status", "asked"), rows))


def _stands(approval: Document) -> str:
    approvers = approval["approvers"]
    given = f" {approvers['given']}/{approvers['needed']}"
    return str(approval["status"]) + (given if approval["status"] == OPEN else "")


def tell_approval(console: Console, approval: Document) -> None:
    intended, problem = approval["intended"] or {}, approval["problem"] or {}
    maker, approvers = approval["maker"], approval["approvers"]
    operation = (approval["answer"] or {}).get("operation") or {}
    console.print(
        facts(
            (
                ("approval", approval["id"]),
                ("act", approval["act"]),
                ("on", approval["target"]),
                *((f"  {name}", told) for name, told in in_words(intended)),
                ("asked by", maker["name"] + (" (an agent)" if maker["agent"] else "")),
                ("asked", approval["createdAt"]),
                ("status", approval["status"]),
                ("approvals", f"{approvers['given']} of {approvers['needed']}"),
                ("approved by", ", ".join(vote["name"] for vote in approval["approvals"]) or None),
                ("until", approval["expiresAt"] if approval["status"] == OPEN else None),
                ("ended", approval["endedAt"]),
                ("reason", approval["reason"]),
                ("operation", operation.get("id")),
                ("problem", problem.get("title")),
                ("because", problem.get("detail")),
            )
        )
    )
    if approval["withheld"]:
        lacking = ", ".join(approval["withheld"])
        console.print(Text(f"  the request is not shown to this key: {lacking}", style="yellow"))
    if approval["status"] == OPEN:
        console.print(Text(f"  {needs(approval)}"))


def tell_decided(console: Console, approval: Document) -> None:
    told = approval["answer"] or {}
    operation = told.get("operation")
    tell_done(console, f"approval {approval['id']} is {approval['status']}")
    if approval["status"] == OPEN:
        console.print(Text(f"  {needs(approval)}"))
    elif operation is not None:
        console.print(Text(f"  tidan operation show {operation['id']}", style="dim"))
    if told.get("credential"):
        console.print(Text(told["credential"]), soft_wrap=True)
        console.print(Text("  it is not shown again: hand it to its subject", style="yellow"))


def tell_rules(console: Console, answer: Document) -> None:
    rows = ((each["act"], each["approvers"] or "-") for each in answer["items"])
    console.print(table(("act", "approvers"), rows))
    strictest = max((each["approvers"] for each in answer["items"]), default=0)
    console.print(Text(f"  {people(answer['able'])} can approve"))
    if answer["able"] < strictest:
        console.print(
            Text(
                f"  {strictest} are needed: what needs more than there are cannot be done until"
                " `tidan user roles` makes more CHECKERs; where nobody can approve that,"
                " `tidan approval reset` on the node's machine drops the rules",
                style="yellow",
            )
        )


def people(count: int) -> str:
    return "nobody else" if count == 0 else "1 person" if count == 1 else f"{count} people"


def tell_done(console: Console, said: str) -> None:
    console.print(Text("✓ ", style="green") + Text(printable(said)))
