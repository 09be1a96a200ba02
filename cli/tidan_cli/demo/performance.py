"""From an empty folder to the end of the story, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from tidan_cli.demo.acts import Acts
from tidan_cli.demo.cast import Chamber, Member
from tidan_cli.demo.signals import undisturbed
from tidan_cli.demo.stage import Stage
from tidan_cli.demo.timeline import Timeline
from tidan_cli.output import Terminal

Document = dict[str, Any]  # Any: what a command answers, as JSON


@dataclass(frozen=True, slots=True)
class Chapter:
    """A story: who plays, who decides, what happens once the stage is set, and its last words."""

    name: str
    cast: tuple[Member, ...]
    chamber: Chamber
    tell: Callable[[Acts], Document]
    close: Callable[[Console, Document], None]
    codes: Mapping[str, Sequence[str]]


def perform(chapter: Chapter, folder: Path, terminal: Terminal, *, keep: bool) -> Document:
    """Set the stage, tell the story, take the stage down."""
    timeline = Timeline(terminal)
    stage = Stage(folder, chapter.cast, timeline, keep=keep)
    finished = False
    try:
        stage.set_up(chapter.codes, chapter.chamber)
        told = chapter.tell(Acts(stage, timeline))
        finished = True
    except KeyboardInterrupt:
        stays = f"ending what it started; {folder} stays" if keep else "removing what it made"
        terminal.note(f"interrupted: {stays}")
        raise
    finally:
        if finished and keep:
            stage.leave()
        else:
            with undisturbed():
                # With --keep, what a failure left behind is there to be looked at.
                stage.strike(remove=not keep)
    return {
        "chapter": chapter.name,
        **told,
        "parties": [
            {"key": member.key, "name": member.name, "identifier": member.identifier}
            for member in stage.members
        ],
        "steps": [step.document() for step in timeline.steps],
        "seconds": round(timeline.elapsed, 1),
        "kept": stage.what_is_kept() if keep else None,
    }
