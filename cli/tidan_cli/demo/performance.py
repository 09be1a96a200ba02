"""From an empty folder to the end of the story, whatever happens in between."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tidan_cli.demo.cast import BUYER, CARRIER, INSURER, SHIPPER
from tidan_cli.demo.dossier import Dossier
from tidan_cli.demo.stage import Stage
from tidan_cli.demo.story import Story
from tidan_cli.demo.timeline import Timeline
from tidan_cli.output import Terminal

Document = dict[str, Any]  # Any: what a command answers, as JSON


def perform(dossier: Dossier, folder: Path, terminal: Terminal, *, keep: bool) -> Document:
    """Set the stage, tell the story of each bill, take the stage down."""
    insured = dossier.policy is not None
    members = (CARRIER, SHIPPER, BUYER, *((INSURER,) if insured else ()))
    timeline = Timeline(terminal)
    stage = Stage(folder, members, timeline, keep=keep)
    finished = False
    try:
        stage.set_up(dossier.carrier_codes)
        story = Story(stage, timeline)
        papers = story.papers(dossier)
        titles = [story.title(bill) for bill in dossier.bills]
        finished = True
    finally:
        if finished and keep:
            stage.leave()
        else:
            with _undisturbed():
                # With --keep, what a failure left behind is there to be looked at.
                stage.strike(remove=not keep)
    return {
        "documents": str(dossier.folder),
        "passedOver": list(dossier.passed_over),
        "parties": [
            {"key": member.key, "name": member.name, "identifier": member.identifier}
            for member in members
        ],
        **papers,
        "titles": titles,
        "steps": [step.document() for step in timeline.steps],
        "seconds": round(timeline.elapsed, 1),
        "kept": stage.what_is_kept() if keep else None,
    }


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C must not leave half of the stage standing; taking it down takes seconds."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
