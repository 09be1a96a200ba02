"""What a command prints: for people by rich, for programs exactly one JSON document."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from tidan_node.problems import Problem

_PIPE_WIDTH = 240


class ReaderGone(Exception):
    """Whoever read our output has stopped: `tidan title list | head -1`."""


class Terminal:
    """Standard output for the answer, standard error for everything around it."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.out = _console(stderr=False)
        self.err = _console(stderr=True)

    def answer(self, document: object, human: Callable[[Console], None]) -> None:
        """The one answer of the command, in the form that was asked for."""
        if self.as_json:
            write_json(document)
        else:
            human(self.out)

    def note(self, text: str) -> None:
        """A hint beside the answer; programs are not told."""
        if not self.as_json:
            self.err.print(Text(printable(text), style="dim"))

    def warn(self, warning: Mapping[str, str]) -> None:
        """What the node does not judge; programs read it in the answer."""
        if not self.as_json:
            text = f"warning: {warning['detail']} ({warning['field']})"
            self.err.print(Text(printable(text), style="yellow"))

    @contextmanager
    def waiting(self, text: str) -> Iterator[None]:
        """Show that the command waits, where somebody is looking."""
        if self.as_json or not self.err.is_terminal:
            yield
            return
        with self.err.status(printable(text), refresh_per_second=5):
            yield

    @contextmanager
    def counting(self, text: str) -> Iterator[Callable[[int, int], None]]:
        """Show how far the command has come, where somebody is looking."""
        if self.as_json or not self.err.is_terminal:
            yield lambda done, of: None
            return
        with Progress(console=self.err, transient=True) as bar:
            task = bar.add_task(printable(text), total=None)
            yield lambda done, of: bar.update(task, completed=done, total=of)

    def problem(self, problem: Problem) -> None:
        """Tell what went wrong: kind, case, field, what to do next, where to read more."""
        document = problem.document()
        if self.as_json:
            sys.stderr.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
            return
        self.err.print(Text(printable(str(document.get("title", problem.title))), style="bold red"))
        self.err.print(Text("  " + printable(problem.detail)))
        if problem.field is not None:
            self.err.print(Text(f"  field: {printable(problem.field)}", style="yellow"))
        next_step = getattr(problem, "next_step", None)
        if next_step is not None:
            self.err.print(Text(f"  next: {printable(next_step)}"))
        page = getattr(problem, "page", None)
        if page is not None:
            self.err.print(Text(f"  read more: {page}", style="dim"))


def write_json(document: object) -> None:
    """One JSON document on standard output, and nothing else."""
    try:
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ReaderGone from error


def write_json_line(document: object) -> None:
    """One JSON document on a line of its own, for commands that go on (JSON Lines)."""
    try:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n")
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ReaderGone from error


def printable(text: str) -> str:
    """Text from elsewhere without the control characters that could command a terminal."""
    return "".join(
        character
        if character in "\n\t" or unicodedata.category(character) != "Cc"
        else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def short(identifier: str) -> str:
    """An id as people say it: long enough to be typed back, short enough for a line."""
    return identifier[:14] + "…" if len(identifier) > 20 else identifier


def counted(number: int, noun: str) -> str:
    """So many of a thing, as people say it."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def table(columns: Iterable[str], rows: Iterable[Iterable[object]], title: str = "") -> Table:
    """A table whose cells are plain text, wherever they come from."""
    grid = Table(title=title or None, title_justify="left", header_style="bold", box=None)
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(printable("" if cell is None else str(cell))) for cell in row))
    if not grid.row_count:
        grid = Table.grid()
        grid.add_row(Text("none", style="dim"))
    return grid


def facts(pairs: Iterable[tuple[str, object]]) -> Table:
    """Names and values below each other; what is not there is left out."""
    grid = Table.grid(padding=(0, 2))
    for name, value in pairs:
        if value is not None:
            grid.add_row(Text(name, style="dim"), Text(printable(str(value))))
    return grid


class _PlainConsole(Console):
    """A console that leaves it to the command how to end when nobody reads any more."""

    def on_broken_pipe(self) -> None:
        raise ReaderGone


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _PIPE_WIDTH
    return _PlainConsole(
        stderr=stderr, width=width, markup=False, emoji=False, highlight=False, soft_wrap=False
    )
