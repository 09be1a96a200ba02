"""What was tracked, against the bill of lading."""

from __future__ import annotations

import json

import pytest

from tests.verification.dossiers import (
    BILL,
    EVENTS,
    Papers,
    altered,
    dossier,
    finding_of,
    rules_with_findings,
    verdict_of,
    without,
)

RULE = "events-against-bill"


def tracked(*codes: str) -> Papers:
    """The dossier with only these events."""
    names = ("equipmentEventTypeCode", "transportEventTypeCode", "shipmentEventTypeCode")
    events = json.loads(dossier()[EVENTS])
    kept = [each for each in events if any(each.get(name) in codes for name in names)]
    return {**dossier(), EVENTS: json.dumps(kept).encode()}


def test_what_was_tracked_as_the_bill_says_passes() -> None:
    assert verdict_of(RULE, dossier()) == "pass"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-10-05T", "2026-10-07T"),  # loaded after the bill has it on board: an antedated bill
        ("CNSHA", "CNNGB"),
        ("DEHAM", "NLRTM"),
        ("TDZ-SEAL-0071", "TDZ-SEAL-9999"),
        ("Paper Heron (demo)", "Paper Crane (demo)"),
        ("2026-11-09T19:15", "2026-11-09T05:15"),  # discharged before the ship was there
    ],
)
def test_what_was_tracked_otherwise_is_found_and_by_no_other_rule(old: str, new: str) -> None:
    papers = altered(EVENTS, (old, new))

    assert rules_with_findings(papers) == {RULE}
    assert EVENTS in {each.paper for each in finding_of(RULE, papers).evidence}


def test_another_ship_after_the_goods_have_changed_ships_is_no_fault() -> None:
    events = json.loads(dossier()[EVENTS])
    (left,) = [each for each in events if each.get("transportEventTypeCode") == "DEPA"]
    call = left["transportCall"]
    second = call | {"UNLocationCode": "SGSIN", "vessel": call["vessel"] | {"vesselName": "Ibis"}}
    later = left | {"transportCall": second, "eventDateTime": "2026-10-15T10:00:00+08:00"}
    papers = {**dossier(), EVENTS: json.dumps([*events, later]).encode()}

    assert verdict_of(RULE, papers) == "pass"


def test_a_container_that_nobody_loaded_is_missing() -> None:
    assert verdict_of(RULE, tracked("GTIN", "DEPA")) == "not_evaluable"


def test_the_loading_alone_is_enough() -> None:
    assert verdict_of(RULE, tracked("LOAD")) == "pass"


def test_events_of_another_bill_are_none_of_this_one() -> None:
    papers = altered(EVENTS, ("TDZ2026HAM000417", "OTHER"), ("TDZBKG2026000417", "OTHER"))

    assert verdict_of(RULE, papers) == "not_evaluable"


@pytest.mark.parametrize("missing", [EVENTS, BILL])
def test_without_events_or_bill_it_cannot_be_evaluated(missing: str) -> None:
    assert verdict_of(RULE, without(missing)) == "not_evaluable"
