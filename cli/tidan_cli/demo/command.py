"""`tidan demo`: the whole story on this machine, and `tidan demo clean` for what was kept of it."""

from __future__ import annotations

import shutil
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.failures import HomeExists, UsageProblem
from tidan_cli.options import AsJson, example
from tidan_cli.output import Terminal, printable

if TYPE_CHECKING:
    from tidan_cli.demo.performance import Chapter

Document = dict[str, Any]  # Any: what a command answers, as JSON

app = typer.Typer(invoke_without_command=True)


class ChapterName(StrEnum):
    """What can be told."""

    MAIN = "main"
    AMENDMENT = "amendment"
    SPLIT = "split"
    PAPER = "paper"
    RECOVERY = "recovery"
    RECOGNITION = "recognition"


@app.callback(
    epilog=example(
        "tidan demo",
        "tidan demo --false",
        "tidan demo --documents my-documents --keep",
        "tidan demo --chapter amendment",
        "tidan demo --chapter split",
        "tidan demo --chapter paper",
        "tidan demo --chapter recovery",
        "tidan demo --chapter recognition",
    )
)
def demo(
    context: typer.Context,
    *,
    chapter: Annotated[
        ChapterName,
        typer.Option(
            help="main: a cargo's papers between six members. amendment: the cargo goes to another"
            " port. split: one bill becomes two, and one again. paper: a title becomes a bill on"
            " paper, and comes back. recovery: a Council of five, two of whom lose their keys."
            " recognition: a user of a second platform acts for its party.",
        ),
    ] = ChapterName.MAIN,
    documents: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Tell the story with your own papers: DCSA transport documents (.json), UBL"
            " invoices (.xml), a cargo policy (.json), and whatever else the bank is to be shown.",
        ),
    ] = None,
    transport_document: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Only this transport document; of DIR, or any file."),
    ] = None,
    false: Annotated[
        bool,
        typer.Option("--false", help="With papers that are false: the bank's check names how."),
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave everything running, to look further.")
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="Where to work; a new folder when left out."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Watch a bill of lading go from carrier to shipper, buyer and back, and be pledged to a bank.

    One chain and six nodes are started on this machine, real commands are run, a regulator audits
    all of it, and everything is removed again, unless --keep is given."""
    if context.invoked_subcommand is None:
        if false and (documents or transport_document):
            raise UsageProblem("choose one of --false and --documents", field="--false")
        if chapter is not ChapterName.MAIN and (false or documents or transport_document):
            raise UsageProblem("only the main chapter takes other papers", field="--chapter")
        told = _chapter(chapter, documents, transport_document, false=false)
        _tell(told, keep=keep, folder=folder, as_json=as_json)


@app.command("clean", epilog=example("tidan demo clean"))
def clean(
    folder: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="One demo; all that were left when left out."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """End and remove demos that were kept, or that were killed."""
    from tidan_cli.demo.running import demo_folders, running_in  # noqa: PLC0415  only here

    cleaned = []
    for place in demo_folders() if folder is None else [folder]:
        running = running_in(place)
        if running is None:
            continue
        ended = running.end()
        shutil.rmtree(place, ignore_errors=True)
        cleaned.append({"folder": str(place), "ended": ended})
    answer = {"cleaned": cleaned}
    Terminal(as_json=as_json).answer(
        answer, lambda console: _tell_cleaned(console, cleaned, folder)
    )


def _chapter(
    name: ChapterName, documents: Path | None, transport_document: Path | None, *, false: bool
) -> Chapter:
    if name is not ChapterName.MAIN:
        from tidan_cli.demo.chapters import CHAPTERS  # noqa: PLC0415  heavy, and not for --help

        return CHAPTERS[name]()
    from tidan_cli.demo.dossier import (  # noqa: PLC0415  as above
        false_dossier,
        read_dossier,
    )
    from tidan_cli.demo.trade import trade  # noqa: PLC0415

    return trade(false_dossier() if false else read_dossier(documents, transport_document))


def _tell(chapter: Chapter, *, keep: bool, folder: Path | None, as_json: bool) -> None:
    from tidan_cli.demo.performance import perform  # noqa: PLC0415  heavy, and not for --help
    from tidan_cli.demo.signals import ended_by_signals  # noqa: PLC0415

    terminal = Terminal(as_json=as_json)
    place = _new_folder(folder)
    with ended_by_signals():
        answer = perform(chapter, place, terminal, keep=keep)
    terminal.answer(answer, lambda console: chapter.close(console, answer))


def _new_folder(folder: Path | None) -> Path:
    from tidan_cli.demo.running import PREFIX  # noqa: PLC0415  only here

    if folder is None:
        return Path(tempfile.mkdtemp(prefix=PREFIX))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HomeExists(f"{folder} is there, and not empty", field="--dir")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder.absolute()


def _tell_cleaned(console: Console, cleaned: list[Document], folder: Path | None) -> None:
    if not cleaned:
        where = "" if folder is None else f" in {folder}"
        console.print(Text(printable(f"there is no demo to clean{where}")))
    for each in cleaned:
        ended = ", ".join(each["ended"]) or "nothing ran any more"
        console.print(Text("✓ ", style="green") + Text(f"{each['folder']}: ended {ended}"))
