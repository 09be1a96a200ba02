"""`tidan check trade|rules`: the papers of a trade against each other, and against the chain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document
from tidan_cli.failures import TradeHasFindings, TradeNotEvaluable
from tidan_cli.options import AsJson, Home, Node, example
from tidan_cli.output import Terminal, counted, facts, printable, table
from tidan_cli.title_words import named

app = typer.Typer(no_args_is_help=True, help="Checks: whether the papers of a trade agree.")

_MARKS = {
    "pass": Text("✓", style="green"),
    "finding": Text("✗", style="bold red"),
    "not_evaluable": Text("?", style="yellow"),
}
_MOST_EVIDENCE = 6
_BECAUSE = {
    "it was named": "--holder says so",
    "it offers the title to this party": "it offers the title to you",
    "it gives the title to this party as security": "it gives you the title as security",
    "it asks": "it is your own party, and --holder names no other",
}


@app.command(
    "trade",
    epilog=example("tidan check trade 3f2a91c0 --papers dossier", "tidan check trade dossier"),
)
def trade(
    subject: Annotated[
        str, typer.Argument(metavar="TITLE|DIR", help="A title, or a folder of papers.")
    ],
    *,
    title: Annotated[
        str | None,
        typer.Option(metavar="TITLE", help="The title that the papers of DIR belong to."),
    ] = None,
    papers: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Papers of the trade beside those that the node holds."),
    ] = None,
    holder: Annotated[
        str | None,
        typer.Option(
            metavar="PARTY",
            help="Who should hold the title. Left out: who offers it to you or gives it to you as"
            " security, or else your party.",
        ),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no node; what the chain says is not evaluated.")
    ] = False,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Check a trade: every rule passes, has a finding, or cannot be evaluated.

    Papers (.json and .xml) are recognised by their content; what cannot be read is named first.
    With a title the node adds the papers that it holds, and what the chain says. A folder where
    no node is chosen is checked on this machine. Missing evidence is never a pass."""
    from tidan_cli.checking import Wanted, checked, folder_of  # noqa: PLC0415  heavy

    terminal = Terminal(as_json=as_json)
    wanted = Wanted.of(subject, title=title, papers=folder_of(papers), holder=holder)
    unreadable = wanted.unreadable()
    if unreadable and not as_json:
        _tell_unreadable(terminal.out, unreadable)
    with terminal.waiting("checking the papers"):
        report = checked(wanted, node=node, home=home, offline=offline)
    terminal.answer(report, lambda console: _tell(console, report))
    found = [rule["id"] for rule in report["rules"] if rule["verdict"] == "finding"]
    if found:
        raise TradeHasFindings(", ".join(found), verdict=report["verdict"])
    if report["verdict"] != "pass":
        missing = [rule["id"] for rule in report["rules"] if rule["verdict"] == "not_evaluable"]
        raise TradeNotEvaluable(", ".join(missing), verdict=report["verdict"])


@app.command("rules", epilog=example("tidan check rules"))
def rules(as_json: AsJson = False) -> None:
    """List the rules that a trade is checked by."""
    from tidan_cli.checking import rules_listed  # noqa: PLC0415  heavy

    answer = rules_listed()
    rows = ((each["id"], each["severity"], each["title"]) for each in answer["rules"])
    Terminal(as_json=as_json).answer(
        answer, lambda console: console.print(table(("rule", "severity", "what it says"), rows))
    )


def _tell_unreadable(console: Console, unreadable: list[Document]) -> None:
    for paper in unreadable:
        problem = paper["problem"]
        where = f" at {problem['path']}" if problem["path"] else ""
        told = f"{paper['name']}: {problem['rule']}{where}: {problem['detail']}"
        console.print(Text("✗ ", style="bold red") + Text(printable(told)))


def _tell(console: Console, report: Document) -> None:
    title = report.get("title")
    if title is not None:
        console.print(
            facts(
                (
                    ("title", title["id"]),
                    ("status", title["status"]),
                    ("possessor", named(title["possessor"])),
                    ("should be held by", _expected(report.get("expectedHolder"))),
                    ("as of", f"block {report['asOf']['block']}"),
                )
            )
        )
    papers = ((each["name"], each["kind"]) for each in report["papers"])
    console.print(table(("paper", "recognised as"), papers))
    grid = table(("", "rule", "severity", "what was found"), ())
    for rule in report["rules"]:
        grid.add_row(
            _MARKS[rule["verdict"]],
            Text(printable(rule["id"])),
            Text(printable(rule["severity"])),
            Text(printable(rule["detail"])),
        )
    console.print(grid)
    for rule in report["rules"]:
        if rule["verdict"] == "finding":
            _tell_evidence(console, rule)
    console.print(_verdict(report))


def _expected(holder: Document | None) -> str | None:
    return None if holder is None else f"{named(holder)}, since {_BECAUSE[holder['because']]}"


def _tell_evidence(console: Console, rule: Document) -> None:
    console.print(Text(printable(rule["title"]), style="bold"))
    shown = rule["evidence"][:_MOST_EVIDENCE]
    rows = ((each["paper"], each["path"] or "the whole", each["value"]) for each in shown)
    console.print(table(("paper", "where", "it says"), rows))
    hidden = len(rule["evidence"]) - len(shown)
    if hidden > 0:
        more = counted(hidden, "more place")
        console.print(Text(f"  and {more}; --json has them all", style="dim"))


def _verdict(report: Document) -> Text:
    counts = report["counts"]
    told = (
        f"{counts['pass']} rules pass, {counts['finding']} have a finding,"
        f" {counts['notEvaluable']} cannot be evaluated"
    )
    marks = {"pass": "pass", "findings": "finding", "incomplete": "not_evaluable"}
    return _MARKS[marks[report["verdict"]]] + Text(f" {report['verdict']}: {told}")
