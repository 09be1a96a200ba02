"""What was tracked, in the form of track and trace 2.2 and in the later one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.verification.dossiers import EVENTS, dossier, papers_of
from tidan_node.verification.facts.papers import TrackedEvent
from tidan_node.verification.facts.recognition import GivenPaper, read_paper

Json = dict[str, Any]  # Any: JSON


def tracked(value: object) -> tuple[TrackedEvent, ...]:
    read = read_paper(GivenPaper("events.json", json.dumps(value).encode()))
    assert (read.kind, read.fault) == ("events", None)
    return read.facts.events


def events() -> list[Json]:
    found = json.loads(dossier()[EVENTS])
    assert isinstance(found, list)
    return found


def test_an_event_says_what_happened_where_and_to_which_container() -> None:
    loaded = [event for event in tracked(events()) if event.code == "LOAD"]

    assert [str(event.container.reference) for event in loaded if event.container] == [
        "TDZU4170015",
        "TDZU4170020",
    ]
    assert {str(event.place) for event in loaded} == {"CNSHA"}
    assert {str(event.vessel.name) for event in loaded} == {"Paper Heron (demo)"}
    assert loaded[0].at.value.isoformat() == "2026-10-05T09:40:00+08:00"


def test_plans_and_estimates_have_not_happened() -> None:
    planned = [event | {"eventClassifierCode": "EST"} for event in events()]

    assert tracked(planned) == ()


def test_what_was_retracted_did_not_happen() -> None:
    gone = {"eventID": "1", "eventType": "EQUIPMENT", "retractedEventID": events()[0]["eventID"]}

    assert len(tracked([*events(), gone])) == len(events()) - 1


def test_events_with_metadata_and_payload_are_read_as_well(standards: Path) -> None:
    sample = papers_of(standards / "samples" / "dcsa")["tnt-events-dropPick.json"]
    dropped, picked = tracked(json.loads(sample))

    assert (dropped.code, picked.code) == ("DROP", "PICK")
    assert dropped.transshipment
    assert (str(dropped.vessel.imo), str(picked.place)) == ("9321483", "NLRAM")
    assert ("TRD", "85943567") in [(kind, said.value) for kind, said in dropped.documents]
