"""`tidan council found|show|list|gateways|propose|approve|withdraw|object|execute`: together.

What a carrier says of gateways, `admit-gateway|withdraw-admission`, is beside their list."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli import gateway_admissions, gateway_proposals, platform_proposals, propose
from tidan_cli.chain import chosen_chain_home
from tidan_cli.client import Document, connected
from tidan_cli.documents import file_bytes
from tidan_cli.enrolling import enrol
from tidan_cli.enrolment_options import AuthorityChain, AuthorityHomeOption, GoverningLaw, Rulebook
from tidan_cli.following import Errand
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    PAGE,
    AsJson,
    Home,
    IdempotencyKey,
    Limit,
    Node,
    Timeout,
    Wait,
    example,
)
from tidan_cli.output import Terminal
from tidan_cli.proposals import (
    EXECUTION_STEPS,
    PROPOSALS,
    acting_on,
    teaching,
    tell_council,
    tell_page,
    tell_proposal,
)

app = typer.Typer(
    no_args_is_help=True,
    help="The Council: m of n members decide who is a member, and everybody sees it coming.",
)
propose.app.command("enrol", epilog=example("tidan council propose enrol party-card.json"))(enrol)
platform_proposals.register(propose.app)
gateway_proposals.register(app, propose.app)
gateway_admissions.register(app)
app.add_typer(propose.app, name="propose")

Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The proposal's number.")]


class Status(StrEnum):
    """Where a proposal stands."""

    OPEN = "OPEN"
    APPROVED = "APPROVED"
    EXECUTED = "EXECUTED"
    LAPSED = "LAPSED"
    SUPERSEDED = "SUPERSEDED"


@app.command(
    "found", epilog=example("tidan council found carrier.json bank.json --chain-home chain")
)
def found(
    cards: Annotated[
        list[Path],
        typer.Argument(metavar="CARD…", help="The party cards of the members, enrolled or not."),
    ],
    *,
    chain_home: AuthorityHomeOption = None,
    chain: AuthorityChain = None,
    rulebook: Rulebook = "tidan-rulebook-1",
    governing_law: GoverningLaw = "England and Wales",
    as_json: AsJson = False,
) -> None:
    """Give the Council its first seats, as whoever deployed the contracts: once, and for good.

    With the threshold M that was deployed they are M to 2·M-1, so that two sets of M share one.
    Members that are not enrolled yet are enrolled first. From then on the members decide, and the
    key that deployed has no right left."""
    from tidan_cli.founding import found_council  # noqa: PLC0415  heavy
    from tidan_cli.party_card import read_party_card  # noqa: PLC0415

    terminal = Terminal(as_json=as_json)
    members = [read_party_card(file_bytes(card)) for card in cards]
    with terminal.waiting("founding the Council"):
        answer = found_council(
            members,
            chosen_chain_home(chain_home),
            chain=chain,
            rulebook=rulebook,
            governing_law=governing_law,
        )
    terminal.answer(answer, lambda console: _founded(console, answer))


@app.command("show", epilog=example("tidan council show", "tidan council show 4"))
def show(
    number: Annotated[
        int | None,
        typer.Argument(metavar="[NUMBER]", min=1, help="A proposal; the Council when left out."),
    ] = None,
    *,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show the members and how they decide; or one proposal, and what it waits for."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        answer = client.get("/v1/council" if number is None else f"{PROPOSALS}/{number}")
    tell = tell_council if number is None else tell_proposal
    terminal.answer(answer, lambda console: tell(console, answer))


@app.command("list", epilog=example("tidan council list --status OPEN"))
def list_proposals(
    *,
    status: Annotated[Status | None, typer.Option(help="Only those that stand so.")] = None,
    limit: Limit = PAGE,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List proposals, the newest first, each with its next step."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        wanted = None if status is None else status.value
        answer = client.listed(PROPOSALS, limit=limit, status=wanted)
    terminal.answer(answer, lambda console: tell_page(console, answer))
    if answer["more"]:
        terminal.note("there are more; raise --limit")


@app.command("approve", epilog=example("tidan council approve 4"))
def approve(
    number: Number,
    *,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Approve a proposal, as a member. With the last approval it needs, the waiting begins."""
    with teaching(number):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            acting_on(number, "approval", "approved")
        )


@app.command("withdraw", epilog=example("tidan council withdraw 4"))
def withdraw(
    number: Number,
    *,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Take your party's approval of a proposal back, until it is carried out.

    Where too few are left, the waiting has ended, and begins anew with the next approval."""
    with teaching(number):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            acting_on(number, "approval/withdrawal", "took the approval back of")
        )


@app.command("object", epilog=example("tidan council object 4 --reason 'our key is not lost'"))
def object_to(
    number: Number,
    *,
    reason: propose.Reason,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Say no to a proposal that would take your party's accounts away.

    All other members must then approve it, and the waiting begins anew."""
    with teaching(number):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            acting_on(number, "objection", "objected to", {"reason": reason})
        )


@app.command("execute", epilog=example("tidan council execute 4"))
def execute(
    number: Number,
    *,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Carry out a proposal that is approved, once its waiting is over. Any party may."""
    with teaching(number, steps=EXECUTION_STEPS):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            acting_on(number, "execution", "carried out")
        )


def _founded(console: Console, answer: Document) -> None:
    terms = answer["terms"]
    names = ", ".join(f"{each['name']} (party {each['index']})" for each in answer["seats"])
    console.print(Text("✓ ", style="green") + Text(f"the Council is founded: {names}"))
    console.print(
        Text(
            f"  {terms['threshold']} of {len(answer['seats'])} decide; the key that deployed has no"
            " right left",
            style="dim",
        )
    )
    console.print(Text("  next: tidan party enrol CARD --home HOME-OF-A-MEMBER", style="dim"))
