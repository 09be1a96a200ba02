"""The last words of a chapter about titles in the place of others: what became of each."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from tidan_cli.demo.closing import (
    Row,
    heading,
    homes_kept,
    show_title_audits,
    show_what_stays,
)
from tidan_cli.output import short, table
from tidan_cli.title_words import named

Document = dict[str, Any]  # Any: what a command answers, as JSON


def close_titles(console: Console, answer: Document) -> None:
    """The whole end, for people."""
    heading(console, "What became of the titles")
    rows = (
        (
            short(title["title"]),
            title["number"],
            title["status"],
            named(title["possessor"]),
            ", ".join(title["acts"]),
        )
        for title in answer["titles"]
    )
    columns = ("title", "B/L number", "status", "possessor", "its acts")
    console.print(table(columns, rows))
    heading(console, "What the regulator's audit says")
    show_title_audits(console, answer["audit"]["titles"])
    show_what_stays(console, answer, _commands(answer))


def _commands(answer: Document) -> list[Row]:
    homes = homes_kept(answer)
    if not homes:
        return []
    ids = [title["title"][2:10] for title in answer["titles"]]
    return [
        (f"acts of {id_}", f"tidan title history {id_} --home {homes['shipper']}") for id_ in ids
    ]
