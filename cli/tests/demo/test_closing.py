"""The end of the demo: who held what, what the bank found, what the audit says, what to do next."""

from __future__ import annotations

from typing import Any

import pytest

from tidan_cli.demo.closing import close
from tidan_cli.output import Terminal

Json = dict[str, Any]  # Any: JSON

CARRIER = {"index": 1, "name": "Carrier"}
TITLE = "0x" + "3f" * 32
PLACE = {"block": 7, "transaction": "0x" + "7e" * 32, "at": "2026-10-06T09:00:00Z"}


def rule(name: str, verdict: str, **others: object) -> Json:
    return {
        "id": name,
        "severity": "high",
        "verdict": verdict,
        "detail": "",
        "evidence": [],
    } | others


def story(*rules: Json, **others: object) -> Json:
    span = {"possessor": CARRIER, "titleholder": None, "from": PLACE, "until": None}
    title = {
        "title": TITLE,
        "number": "TDZ-1",
        "kind": "BLANK",
        "status": "LIVE",
        "holders": [span],
        "pledges": [],
        "check": {"rules": list(rules)},
    }
    return {
        "titles": [title],
        "audit": {
            "titles": [{"title": TITLE, "verdict": "verified"}],
            "chain": {"verdict": "verified"},
            "report": "/demo/audit-report.jws",
        },
        "falsehoods": [],
        "passedOver": [],
        "kept": None,
        "seconds": 60.0,
    } | others


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:  # Any: a function of this module
    def told(answer: Json) -> str:
        close(Terminal(as_json=False).out, answer)
        return capsys.readouterr().out

    return told


def test_holders_are_named_with_block_date_and_time(said: Any) -> None:
    told = said(story())

    assert "TDZ-1" in told
    assert "Carrier (1)" in told
    assert "2026-10-06 09:00:00" in told


def test_whose_security_a_title_was_is_told_with_its_end(said: Any) -> None:
    until = {"block": 12, "transaction": "0x" + "5b" * 32, "at": "2026-10-06T09:20:00Z"}
    (title,) = story()["titles"]
    pledged = {"bank": {"index": 2, "name": "Bank"}, "from": PLACE}
    ended, standing = {**pledged, "until": until}, {**pledged, "until": None}

    told = said(story(titles=[title | {"pledges": [ended, standing]}]))

    assert "Bank (2) from 2026-10-06 09:00:00, block 7, to 2026-10-06 09:20:00, block 12" in told
    assert "Bank (2) from 2026-10-06 09:00:00, block 7, and still is" in told


def test_a_finding_is_told_with_the_place_that_shows_it(said: Any) -> None:
    evidence = [{"paper": "cargo-policy.json", "path": "/sumInsured", "value": "30000"}]
    told = said(
        story(
            rule("insured-sum", "finding", detail="insured for too little", evidence=evidence),
            rule("currency", "pass"),
        )
    )

    assert "1 of 2 rules pass, 1 find something" in told
    assert "insured for too little" in told
    assert "cargo-policy.json /sumInsured: 30000" in told


def test_what_cannot_be_evaluated_is_not_counted_as_passed(said: Any) -> None:
    told = said(story(rule("currency", "pass"), rule("dates-in-order", "not_evaluable")))

    assert "1 of 2 rules pass" in told
    assert "dates-in-order" in told


def test_a_false_dossier_is_said_to_be_found_out(said: Any) -> None:
    told = said(story(rule("currency", "finding"), falsehoods=[{"rule": "currency"}]))

    assert "exactly what is false in this dossier: 1 falsehoods" in told


def test_what_was_passed_over_is_named_with_the_reason(said: Any) -> None:
    passed_over = [{"name": "photo.png", "reason": "neither .json nor .xml"}]

    assert "photo.png (neither .json nor .xml)" in said(story(passedOver=passed_over))


def test_what_is_kept_is_told_with_commands_to_look_further(said: Any) -> None:
    nodes = [
        {"key": key, "home": f"/demo/{key}", "url": "http://127.0.0.1:1"}
        for key in ("shipper", "buyer", "bank", "regulator")
    ]
    told = said(story(kept={"folder": "/demo", "nodes": nodes}))

    assert "tidan demo clean --dir /demo" in told
    assert "tidan audit title 3f3f3f3f --home /demo/regulator" in told
