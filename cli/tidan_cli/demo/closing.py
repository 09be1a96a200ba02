"""What the demo says at its end: who held what, what the bank found, what the audit says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from tidan_cli.output import counted, facts, printable, short, table
from tidan_cli.title_words import named

Document = dict[str, Any]  # Any: what a command answers, as JSON
Row = tuple[str, object]

_EVIDENCE_SHOWN = 3


def close(console: Console, answer: Document) -> None:
    """The whole end, for people."""
    heading(console, "Who held the title when")
    for title in answer["titles"]:
        show_holders(console, title)
    heading(console, "What the bank's check says")
    for title in answer["titles"]:
        show_check(console, title)
    if answer["falsehoods"]:
        told = f"exactly what is false in this dossier: {len(answer['falsehoods'])} falsehoods"
        console.print(_good(f"it names {told}, and nothing else"))
    heading(console, "What the regulator's audit says")
    show_audit(console, answer["audit"])
    if answer["passedOver"]:
        console.print()
        for each in answer["passedOver"]:
            told = f"  passed over: {each['name']} ({each['reason']})"
            console.print(Text(printable(told), style="dim"))
    show_what_stays(console, answer, _commands(answer))


def show_holders(console: Console, title: Document) -> None:
    """Who had control of one title from which block to which."""
    rows = (
        (
            named(holder["possessor"]),
            named(holder["titleholder"]),
            holder["from"]["block"],
            short(holder["from"]["transaction"]),
            _moment(holder["from"]["at"]),
            _moment(holder["until"]["at"]) if holder["until"] else "",
        )
        for holder in title["holders"]
    )
    name = f"{title['number']}: {short(title['title'])} ({title['kind']}, {title['status']})"
    columns = ("possessor", "titleholder", "block", "transaction", "from (UTC)", "until (UTC)")
    console.print(table(columns, rows, title=name))
    for pledge in title["pledges"]:
        until = pledge["until"]
        ended = f"to {_moment(until['at'])}, block {until['block']}" if until else "and still is"
        begun = f"{_moment(pledge['from']['at'])}, block {pledge['from']['block']}"
        console.print(
            Text(printable(f"  pledged to {named(pledge['bank'])} from {begun}, {ended}"))
        )


def show_check(console: Console, title: Document) -> None:
    """What was found in one trade, with the papers that show it."""
    check = title["check"]
    findings = [rule for rule in check["rules"] if rule["verdict"] == "finding"]
    unknown = [rule["id"] for rule in check["rules"] if rule["verdict"] == "not_evaluable"]
    passed = len(check["rules"]) - len(findings) - len(unknown)
    told = f"{title['number']}: {passed} of {len(check['rules'])} rules pass"
    console.print(_bad(f"{told}, {len(findings)} find something") if findings else _good(told))
    for rule in findings:
        _show_finding(console, rule)
    if unknown:
        told = f"  not evaluable, for want of papers: {', '.join(unknown)}"
        console.print(Text(printable(told), style="dim"))


def show_audit(console: Console, audit: Document) -> None:
    """What the regulator found, and that it signed it."""
    show_title_audits(console, audit["titles"])
    console.print(_good(f"the whole chain: {audit['chain']['verdict']}"))
    console.print(_good("its report is signed, and the signature is the regulator's"))


def show_title_audits(console: Console, audits: Sequence[Document]) -> None:
    """What the regulator found of each title."""
    for title in audits:
        console.print(_good(f"title {short(title['title'])}: {title['verdict']}"))


def show_what_stays(console: Console, answer: Document, further: Sequence[Row]) -> None:
    """Where everything runs on, with commands to look further; or that nothing does."""
    kept = answer["kept"]
    console.print()
    if kept is None:
        told = (
            f"  {answer['seconds']} s; everything is removed again (--keep leaves it running,"
            " --json tells every command)"
        )
        console.print(Text(told, style="dim"))
        return
    console.print(Text(f"Everything runs on in {kept['folder']}. To look further:", style="bold"))
    console.print(
        facts(
            (
                *((f"{node['key']}'s node", node["url"]) for node in kept["nodes"]),
                *further,
                ("the end of it", f"tidan demo clean --dir {kept['folder']}"),
            )
        )
    )


def homes_kept(answer: Document) -> dict[str, str]:
    """The home of each node that runs on."""
    return (
        {}
        if answer["kept"] is None
        else {node["key"]: node["home"] for node in answer["kept"]["nodes"]}
    )


def _commands(answer: Document) -> list[Row]:
    homes = homes_kept(answer)
    if not homes:
        return []
    first = answer["titles"][0]["title"][2:10]
    return [
        ("a title's acts", f"tidan title history {first} --home {homes['buyer']}"),
        ("what was sent", f"tidan parcel list --home {homes['shipper']}"),
        ("by its number", f"tidan search {_typed(answer)} --home {homes['bank']}"),
        ("against the chain", f"tidan audit title {first} --home {homes['regulator']}"),
        ("the signed report", answer["audit"]["report"]),
    ]


def _typed(answer: Document) -> str:
    number = str(answer["titles"][0]["number"])
    return f"'{number}'" if " " in number else number


def _show_finding(console: Console, rule: Document) -> None:
    console.print(_bad(f"{rule['id']} ({rule['severity']}): {rule['detail']}"))
    for each in rule["evidence"][:_EVIDENCE_SHOWN]:
        told = f"    {each['paper']} {each['path']}: {each['value']}"
        console.print(Text(printable(told), style="dim"))
    more = len(rule["evidence"]) - _EVIDENCE_SHOWN
    if more > 0:
        console.print(Text(f"    and {counted(more, 'more place')}", style="dim"))


def _moment(at: str) -> str:
    return at.replace("T", " ").removesuffix("Z")


def heading(console: Console, words: str) -> None:
    """What the next lines are about."""
    console.print()
    console.print(Text(words, style="bold"))


def _good(words: str) -> Text:
    return Text("✓ ", style="green") + Text(printable(words))


def _bad(words: str) -> Text:
    return Text("✗ ", style="yellow") + Text(printable(words))
