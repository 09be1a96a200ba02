"""`tidan party enrol`: by whoever deployed the contracts, or proposed to the Council."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.chain import chosen_chain_home
from tidan_cli.client import Document
from tidan_cli.documents import file_bytes
from tidan_cli.enrolment_options import AuthorityChain, AuthorityHomeOption, GoverningLaw, Rulebook
from tidan_cli.failures import UsageProblem
from tidan_cli.following import Errand
from tidan_cli.node_choice import NODE_HOME, NODE_URL
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    AsJson,
    Home,
    IdempotencyKey,
    Node,
    Timeout,
    Wait,
)
from tidan_cli.output import Terminal
from tidan_cli.proposals import proposing, teaching


def enrol(
    card: Annotated[
        Path, typer.Argument(metavar="CARD", help="The party-card.json of the new member.")
    ],
    *,
    chain_home: AuthorityHomeOption = None,
    chain: AuthorityChain = None,
    rulebook: Rulebook = "tidan-rulebook-1",
    governing_law: GoverningLaw = "England and Wales",
    reason: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Why, for the Council; its application when left out."),
    ] = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Enrol a party: its account, roles, profile and numbering keys.

    Until the Council is founded, whoever deployed the contracts does it, with --chain-home: a party
    that is enrolled already is left as it is, and what is missing of its card is added. From then
    on a member of the Council proposes it, with --home or --node."""
    from tidan_cli.party_card import read_party_card  # noqa: PLC0415  heavy

    terminal = Terminal(as_json=as_json)
    wanted = read_party_card(file_bytes(card))
    by_node = node is not None or home is not None
    if not by_node and chain_home is None and chain is None:
        by_node = _means_a_node()
    if by_node and (chain_home is not None or chain is not None):
        raise UsageProblem(
            "--chain-home is for who deployed the contracts, --home and --node for a member of the"
            " Council: choose one",
            field="--chain-home",
        )
    if by_node:
        body = {
            "kind": "enrol",
            "roles": wanted.document()["roles"],
            "account": wanted.account,
            "profile": json.loads(wanted.profile.canonical()),
            "codes": [
                {"code": code, "key": "0x" + key.hex()}
                for code, key in wanted.numbering_keys.items()
            ],
            "rulebook": rulebook,
            "governingLaw": governing_law,
            "reason": reason or f"{wanted.profile.name} asks to be a member",
        }
        with teaching():
            Errand(node, home, as_json, wait, timeout, idempotency_key).run(
                proposing(body, f"enrol {wanted.profile.name}")
            )
        return
    from tidan_cli.founding import enrol_before_council  # noqa: PLC0415  heavy

    with terminal.waiting(f"enrolling {wanted.profile.name}"):
        answer = enrol_before_council(
            wanted,
            chosen_chain_home(chain_home),
            chain=chain,
            rulebook=rulebook,
            governing_law=governing_law,
        )
    terminal.answer(answer, lambda console: _enrolled(console, answer))


def _means_a_node() -> bool:
    """Where no option says who asks: the environment names a node, and nobody deployed here."""
    from tidan_cli.authority import AuthorityHome  # noqa: PLC0415  heavy

    named = os.environ.get(NODE_URL) or os.environ.get(NODE_HOME)
    return bool(named) and not AuthorityHome(chosen_chain_home(None)).manifest_file.is_file()


def _enrolled(console: Console, answer: Document) -> None:
    party = answer["party"]
    what = "enrolled" if answer["enrolled"] else "was enrolled already"
    console.print(
        Text("✓ ", style="green") + Text(f"{party['name']} {what}: party {party['index']}")
    )
    for code in answer["registered"]:
        console.print(Text(f"  numbering key registered for {code}", style="dim"))
