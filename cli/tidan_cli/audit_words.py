"""What an audit says to people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from tidan_cli.output import facts, printable, short, table
from tidan_cli.title_words import actor_in_words

Document = dict[str, Any]  # Any: JSON
AGREES: Final = {"verified", "behind"}
_PARTIES: Final = {
    *("issuer", "possessor", "titleholder", "recipient", "by", "seller", "buyer", "insurer"),
    *("insured", "lossPayee", "bank"),
}
_WORDS: Final = {
    "verified": "verified: the node says what the chain says, and its heads are the contracts'",
    "behind": "behind: what the node says was so, and the chain has gone on since",
    "different": "different: the node says what was never so",
    "unanswered": "unanswered: the node fails when it is asked",
    "damaged": "damaged: what the node keeps is not what was sealed or committed to",
    "forked": "forked: the node stands on a block that this chain does not have",
    "chain-faulty": "the chain's events, contracts and rules do not fit together",
}


def tell_title(console: Console, answer: Document) -> None:
    console.print(facts((("title", answer["title"]), ("head", answer["head"]))))
    tell_acts(console, answer["history"], with_record=False)
    _tell_finding(console, answer)
    _tell_end(console, answer)


def tell_many(console: Console, answer: Document) -> None:
    """The counts, each finding by its name, and the verdict."""
    _tell_subject(console, answer)
    rows = (
        (kind, sum(verdicts.values()), verdicts.get("verified", 0), _others(verdicts))
        for kind, verdicts in answer["counts"].items()
    )
    console.print(table(("audited", "how many", "verified", "otherwise"), rows))
    for finding in answer["findings"]:
        name = f"{finding['kind']} {finding['record']}: {finding['verdict']}"
        console.print(Text("✗ ", style="red") + Text(printable(name), style="bold"))
        _tell_finding(console, finding)
    if answer["findingsOmitted"]:
        console.print(Text(f"  and {answer['findingsOmitted']} more findings"))
    if trail := answer.get("trail"):
        tell_trail_facts(console, trail)
    _tell_end(console, answer)


def tell_party(console: Console, answer: Document) -> None:
    rows = (
        (each["kind"], short(each["record"]), ", ".join(each["parts"]), each["verdict"])
        for each in answer["records"]
    )
    console.print(table(("kind", "record", "its part", "verdict"), rows))
    standings = ((each["what"], each["at"], each["block"]) for each in answer["standings"])
    console.print(table(("what the registry says of it", "at", "block"), standings))
    tell_acts(console, answer["acts"])
    tell_many(console, answer)


def tell_period(console: Console, answer: Document) -> None:
    tell_acts(console, answer["acts"])
    tell_many(console, answer)


def tell_acts(console: Console, acts: Iterable[Document], *, with_record: bool = True) -> None:
    columns = ("seq", "act", "by", "at", "block", "transaction")
    rows = (
        (
            *((act["kind"], short(act["record"])) if with_record else ()),
            act["seq"],
            act["act"],
            actor_in_words(act["by"], act.get("bank")),
            act["at"],
            act["block"],
            short(act["txHash"]),
        )
        for act in acts
    )
    console.print(table((*(("kind", "record") if with_record else ()), *columns), rows))


def tell_trail(console: Console, answer: Document) -> None:
    tell_trail_facts(console, answer["trail"])
    for finding in answer["findings"]:
        _tell_finding(console, finding)
    _tell_end(console, answer)


def tell_trail_facts(console: Console, trail: Document) -> None:
    confirmed = f"{trail['anchoredUpTo']} of {trail['entries']} by {trail['anchors']} anchors"
    pairs = (
        ("trail of", "no enrolled party" if trail["party"] is None else f"party {trail['party']}"),
        ("entries that follow", trail["entries"]),
        ("the chain confirms", confirmed),
    )
    console.print(facts(pairs))


def tell_report(console: Console, answer: Document) -> None:
    signer, report = answer["signer"], answer["report"]
    console.print(
        facts(
            (
                ("signed by", f"{signer['name']} ({signer['index']}), {signer['status'].lower()}"),
                ("at", answer["signedAt"]),
                ("audit", report.get("audit")),
                ("verdict", report.get("verdict")),
                ("findings", len(report.get("findings", ()))),
            )
        )
    )
    if answer["keyReplaced"]:
        console.print(Text("  the party has replaced this signing key since", style="yellow"))
    console.print(Text("✓ ", style="green") + Text("the signature is the party's"))


def _tell_subject(console: Console, answer: Document) -> None:
    subject = answer.get("party") or answer.get("period")
    if isinstance(subject, dict):
        console.print(facts(tuple((name, value) for name, value in subject.items())))


def _tell_finding(console: Console, finding: Document) -> None:
    names = {each["index"]: each["name"] for each in finding.get("parties", ())}
    if finding.get("differences"):
        rows = (
            (
                each["field"],
                _named(each["field"], each["chain"], names),
                _named(each["field"], each["node"], names),
            )
            for each in finding["differences"]
        )
        console.print(table(("what", "the chain says", "the node says"), rows))
    if finding.get("unanswered"):
        console.print(Text(printable(f"  the node answers with {finding['unanswered']}")))
    for fault in (*finding.get("faults", ()), *finding.get("damage", ())):
        told = f"{fault['rule']}: {fault['detail']}"
        console.print(Text("✗ ", style="red") + Text(printable(told)))


def _named(field: str, value: object, names: dict[int, str]) -> object:
    """A party's number with its name."""
    if field.rsplit(".", 1)[-1] in _PARTIES or field.startswith("offer.recipient"):
        return f"{names[value]} ({value})" if isinstance(value, int) and value in names else value
    return value


def _others(verdicts: Document) -> str:
    return ", ".join(f"{count} {each}" for each, count in verdicts.items() if each != "verified")


def _tell_end(console: Console, answer: Document) -> None:
    good = answer["verdict"] in AGREES
    mark = Text("✓ ", style="green") if good else Text("✗ ", style="bold red")
    console.print(mark + Text(_WORDS[answer["verdict"]]))
    if signed := answer.get("report"):
        told = f"  report signed by party {signed['signedBy']}: {signed['file']}"
        console.print(Text(printable(told), style="dim"))
    if unsigned := answer.get("reportProblem"):
        told = f"there is no report: {unsigned.get('detail')}"
        console.print(Text("✗ ", style="red") + Text(printable(told)))
    console.print(Text(f"  as of block {answer['asOf']['block']}", style="dim"))
