"""The timeline: a line a step for people, and the same steps for programs."""

from __future__ import annotations

import pytest

from tidan_cli.demo.timeline import Timeline
from tidan_cli.output import Terminal


def test_a_step_is_a_line_with_who_what_and_where(capsys: pytest.CaptureFixture[str]) -> None:
    timeline = Timeline(Terminal(as_json=False))
    with timeline.step("Carrier", "issues it") as note:
        note.on_chain({"result": {"blockNumber": 7, "txHash": "0x" + "7e" * 32}})

    said = capsys.readouterr().out
    assert "Carrier" in said
    assert "issues it" in said
    assert "block 7" in said
    assert "0x7e7e7e7e7e7e…" in said


def test_programs_are_told_at_the_end_and_not_before(capsys: pytest.CaptureFixture[str]) -> None:
    timeline = Timeline(Terminal(as_json=True))
    timeline.heading("The stage")
    with timeline.step("Shipper", "tries") as note:
        note.refusal, note.command = "package-missing", "tidan title accept"

    assert capsys.readouterr() == ("", "")
    (step,) = [step.document() for step in timeline.steps]
    assert step["who"] == "Shipper"
    assert step["refusal"] == "package-missing"
    assert step["command"] == "tidan title accept"
    assert step["block"] is None


def test_a_step_that_fails_is_not_written_down() -> None:
    timeline = Timeline(Terminal(as_json=True))
    with pytest.raises(RuntimeError), timeline.step("Carrier", "issues it"):
        raise RuntimeError

    assert timeline.steps == []
