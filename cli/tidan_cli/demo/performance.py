"""From an empty folder to the end of the story, whatever happens in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from tidan_cli.demo.acts import Acts
from tidan_cli.demo.cast import BANK, BUYER, CARRIER, INSURER, REGULATOR, SHIPPER
from tidan_cli.demo.dossier import Dossier
from tidan_cli.demo.regulator import audit
from tidan_cli.demo.signals import undisturbed
from tidan_cli.demo.stage import Stage
from tidan_cli.demo.story import Story
from tidan_cli.demo.timeline import Timeline
from tidan_cli.output import Terminal

Document = dict[str, Any]  # Any: what a command answers, as JSON

CAST: Final = (CARRIER, SHIPPER, BUYER, BANK, INSURER, REGULATOR)


def perform(dossier: Dossier, folder: Path, terminal: Terminal, *, keep: bool) -> Document:
    """Set the stage, tell the story, take the stage down."""
    timeline = Timeline(terminal)
    stage = Stage(folder, CAST, timeline, keep=keep)
    finished = False
    try:
        stage.set_up(dossier.codes)
        told = whole_story(stage, timeline, dossier)
        finished = True
    finally:
        if finished and keep:
            stage.leave()
        else:
            with undisturbed():
                # With --keep, what a failure left behind is there to be looked at.
                stage.strike(remove=not keep)
    return told | {
        "steps": [step.document() for step in timeline.steps],
        "seconds": round(timeline.elapsed, 1),
        "kept": stage.what_is_kept() if keep else None,
    }


def whole_story(stage: Stage, timeline: Timeline, dossier: Dossier) -> Document:
    """What happens once the stage is set, and what came of it."""
    acts = Acts(stage, timeline)
    told = Story(acts, dossier).tell()
    return {
        "documents": str(dossier.folder),
        "passedOver": [{"name": each.name, "reason": each.reason} for each in dossier.passed_over],
        "parties": [
            {"key": member.key, "name": member.name, "identifier": member.identifier}
            for member in stage.members
        ],
        **told,
        "falsehoods": [dict(each) for each in dossier.falsehoods],
        "audit": audit(acts, [title["title"] for title in told["titles"]]),
    }
