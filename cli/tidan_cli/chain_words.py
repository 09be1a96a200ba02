"""How a chain and its validators are described to people."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from tidan_cli.chain_engines import EngineName
from tidan_cli.client import Document
from tidan_cli.output import facts, table


def tell_started(console: Console, answer: Document, words: str) -> None:
    """Where a chain runs now."""
    console.print(Text("✓ ", style="green") + Text(f"the chain {words}"))
    named = (("chain id", "chainId"), ("pid", "pid"), ("validators", "validators"))
    console.print(
        facts(
            (
                ("url", answer["url"]),
                *((name, answer.get(member)) for name, member in named),
                ("home", answer["home"]),
            )
        )
    )


def tell_status(console: Console, answer: Document) -> None:
    """How a running chain is, by its engine."""
    if answer.get("engine") == EngineName.GETH_CLIQUE:
        _tell_validators(console, answer)
    else:
        _tell_embedded(console, answer)


def tell_validator(console: Console, answer: Document) -> None:
    """How one validator is."""
    runs = "runs" if answer["pid"] is not None else "does not run"
    console.print(Text(f"validator {answer['number']} {runs}"))
    named = ("account", "url", "pid", "height", "hash", "peers")
    console.print(facts((name, answer[name]) for name in named))


def _tell_validators(console: Console, answer: Document) -> None:
    validators = answer["validators"]
    console.print(
        facts(
            (
                ("url", answer["url"]),
                ("chain id", answer["chainId"]),
                ("home", answer["home"]),
                ("height", answer["height"]),
                ("last block", f"{answer['hash']}, {answer['secondsSinceBlock']} seconds ago"),
                ("running", f"{answer['running']} of {len(validators)} validators"),
            )
        )
    )
    rows = (
        (
            each["number"],
            each["pid"] or "stopped",
            each["height"],
            each["peers"],
            each["url"],
            each["account"],
        )
        for each in validators
    )
    console.print(table(("validator", "pid", "height", "peers", "url", "account"), rows))
    if answer["running"] < answer["needed"]:
        warning = (
            f"The chain stands still: {answer['needed']} validators must run."
            " `tidan chain up` starts those that do not."
        )
        console.print(Text(warning, style="bold red"))


def _tell_embedded(console: Console, answer: Document) -> None:
    snapshots = [
        f"block {kept['height']} ({kept['bytes']:,} bytes)" for kept in answer["snapshots"]
    ]
    rebuilt = answer["rebuilt"]
    console.print(
        facts(
            (
                ("url", answer["url"]),
                ("chain id", answer["chainId"]),
                ("home", answer["home"]),
                ("pid", f"{answer['pid']}, anvil {answer['anvilPid']}"),
                ("height", answer["height"]),
                ("last block", answer["hash"]),
                ("first block", answer["genesisHash"]),
                ("clock", f"{answer['clockOffset']} seconds ahead"),
                ("waiting", f"{answer['waiting']} transactions"),
                ("journal", f"{answer['journalBytes']:,} bytes"),
                ("snapshots", ", ".join(snapshots) or "none yet"),
                (
                    "last rebuilt",
                    f"{rebuilt['blocks']} blocks after block {rebuilt['fromHeight']}"
                    f" in {rebuilt['seconds']} s",
                ),
            )
        )
    )
    if answer["setAside"]:
        warning = "Not everything came back. Set aside, to be looked at and then deleted:"
        console.print(Text(warning, style="bold red"))
        for name in answer["setAside"]:
            console.print(Text(f"  {name}"))
