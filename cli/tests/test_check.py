"""`tidan check`: what people read, what programs are told, and how it ends."""

from __future__ import annotations

import base64
import os
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest

from tidan_node.verification.schemas import Because

DOCUMENTS = Path(str(files("tidan_cli.demo") / "documents"))
TRUE, FALSE = DOCUMENTS / "dossier", DOCUMENTS / "false-dossier"
SHARED = Path(__file__).parents[3] / "shared" / "standards"


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No node is chosen."""
    for name in ("TIDAN_NODE_URL", "TIDAN_NODE_HOME", "TIDAN_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TRUE, tmp_path / "papers"))


def report(told: Any, verdict: str = "pass", **members: Any) -> dict[str, Any]:  # Any: JSON
    rule = {
        "id": "ports",
        "title": "Every paper names the ports of the bill of lading",
        "severity": "high",
        "verdict": {"pass": "pass", "findings": "finding"}.get(verdict, "not_evaluable"),
        "detail": "what there is to say",
        "evidence": [{"paper": "a.xml", "path": "/ID", "value": "NLRTM"}],
    }
    title = {"id": told.title_id, "status": "LIVE", "possessor": told.shipper, "titleholder": None}
    return {
        "verdict": verdict,
        "counts": {"pass": 1, "finding": 0, "notEvaluable": 0},
        "rules": [rule],
        "papers": [{"name": "a.xml", "kind": "contract", "problem": None}],
        "title": title,
        "asOf": told.as_of,
    } | members


def test_the_true_dossier_alone_lacks_only_the_chain(alone: None, tidan: Any) -> None:
    ended = tidan("check", "trade", TRUE, "--json")

    assert ended.code == 7
    assert ended.answer["verdict"] == "incomplete"
    assert ended.answer["counts"] == {"pass": 21, "finding": 0, "notEvaluable": 5}
    assert ended.problem["type"] == "/v1/problems/trade-not-evaluable"
    assert "title-live-and-held" in ended.problem["detail"]


def test_the_false_dossier_has_findings_with_their_evidence(alone: None, tidan: Any) -> None:
    ended = tidan("check", "trade", FALSE)

    assert ended.code == 6
    assert "30280.00 USD were paid for resale-invoice.xml" in ended.out
    assert "/coverFrom" in ended.out
    assert "findings: 7 rules pass, 14 have a finding, 5 cannot be evaluated" in ended.out


def test_unreadable_papers_are_named_before_anything_else(
    alone: None, tidan: Any, folder: Path
) -> None:
    (folder / "bomb.xml").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    (folder / "packing-list.xml").write_text("<PackingList")

    ended = tidan("check", "trade", folder)

    assert ended.code == 6
    first, second, *_ = ended.out.splitlines()
    assert first.startswith("✗ bomb.xml: not-xml: has a DTD or an entity")
    assert second.startswith("✗ packing-list.xml: not-xml: is not well-formed XML")


def test_control_characters_of_a_paper_do_not_reach_the_terminal(
    alone: None, tidan: Any, folder: Path
) -> None:
    contract = folder / "sales-contract.xml"
    contract.write_text(contract.read_text().replace(">EDI-PO-2026-88<", ">\u009bPO<"))

    assert "\u009b" not in tidan("check", "trade", folder).out


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not there")
def test_samples_of_dcsa_with_public_invoices_have_findings_and_no_fault(
    alone: None, tidan: Any, tmp_path: Path
) -> None:
    for source in (SHARED / "samples" / "dcsa", SHARED / "peppol" / "authored"):
        shutil.copytree(source, tmp_path / "papers", dirs_exist_ok=True)

    ended = tidan("check", "trade", tmp_path / "papers", "--json")

    assert ended.code == 6
    kinds = {paper["kind"] for paper in ended.answer["papers"]}
    assert {"transport-document", "invoice", "credit-note", "events", "other"} == kinds


def test_a_title_is_checked_by_the_node_with_the_papers_of_the_folder(
    tidan: Any, node: Any, told: Any, folder: Path
) -> None:
    node.answer("POST", "/v1/trade-checks", report(told))

    ended = tidan("check", "trade", told.title_id, "--papers", folder, "--holder", "LEI:X")

    assert ended.code == 0
    assert told.title_id in ended.out
    (asked,) = node.taken("POST", "/v1/trade-checks")
    assert (asked.json["title"], asked.json["holder"]) == (told.title_id, "LEI:X")
    sent = {paper["name"]: base64.b64decode(paper["content"]) for paper in asked.json["papers"]}
    assert sent == {
        path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".md"
    }


@pytest.mark.parametrize("because", get_args(Because))
def test_people_read_why_that_party_should_hold_the_title(
    tidan: Any, node: Any, told: Any, because: str
) -> None:
    expected = told.shipper | {"because": because}
    node.answer("POST", "/v1/trade-checks", report(told, expectedHolder=expected))

    ended = tidan("check", "trade", told.title_id)

    assert f"{told.shipper['name']} ({told.shipper['index']}), since " in ended.out


@pytest.mark.parametrize(("verdict", "code"), [("pass", 0), ("findings", 6), ("incomplete", 7)])
def test_each_verdict_has_an_exit_code(
    tidan: Any, node: Any, told: Any, verdict: str, code: int
) -> None:
    node.answer("POST", "/v1/trade-checks", report(told, verdict))

    human = tidan("check", "trade", told.title_id)
    program = tidan("check", "trade", told.title_id, "--json")

    assert human.code == program.code == code
    assert program.answer == report(told, verdict)


def test_a_folder_with_a_title_is_checked_by_the_node(
    tidan: Any, node: Any, told: Any, folder: Path
) -> None:
    node.answer("POST", "/v1/trade-checks", report(told))

    assert tidan("check", "trade", folder, "--title", told.title_id).code == 0


def test_offline_asks_no_node(tidan: Any, node: Any, folder: Path) -> None:
    assert tidan("check", "trade", folder, "--offline").code == 7
    assert node.asked == []


@pytest.mark.parametrize(
    "options",
    [
        ("{title}", "--offline"),
        ("{folder}", "--papers", "{folder}"),
        ("{folder}", "--offline", "--holder", "2"),
        ("{folder}", "--offline", "--title", "{title}"),
        ("{title}", "--title", "{title}"),
        ("{title}", "--papers", "{folder}/sales-contract.xml"),
        ("{folder}/sales-contract.xml",),
        ("{empty}",),
    ],
)
def test_what_makes_no_sense_together_is_refused_before_anything(
    tidan: Any, node: Any, told: Any, folder: Path, options: tuple[str, ...]
) -> None:
    empty = folder.parent / "empty"
    empty.mkdir()
    words = {"title": told.title_id, "folder": str(folder), "empty": str(empty)}

    assert tidan("check", "trade", *(word.format(**words) for word in options)).code == 2
    assert node.asked == []


def test_a_title_needs_a_node(alone: None, tidan: Any, told: Any, folder: Path) -> None:
    ended = tidan("check", "trade", told.title_id, "--papers", folder, "--json")

    assert (ended.code, ended.problem["type"]) == (2, "/v1/problems/node-not-chosen")


def test_a_paper_that_is_too_large_is_not_read_whole(alone: None, tidan: Any, folder: Path) -> None:
    with (folder / "huge.json").open("wb") as file:
        file.truncate(3 * 1024**3)

    ended = tidan("check", "trade", folder)

    assert "huge.json: too-large" in ended.out
    assert ended.code == 6


def test_the_rules_are_listed(tidan: Any) -> None:
    human, program = tidan("check", "rules"), tidan("check", "rules", "--json")

    assert human.code == program.code == 0
    names = [rule["id"] for rule in program.answer["rules"]]
    assert len(names) >= 12
    assert all(name in human.out for name in names)


def test_a_word_too_long_for_a_file_is_no_folder(tidan: Any, node: Any, folder: Path) -> None:
    long = "x" * 300

    assert tidan("check", "trade", long, "--offline").code == 2
    assert tidan("check", "trade", folder, "--papers", long).code == 2
    assert node.asked == []


def test_a_file_whose_name_is_not_utf8_is_named_by_file_and_rule(
    alone: None, tidan: Any, folder: Path
) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/bill-\xff.json")).write_bytes(b"{}")

    ended = tidan("check", "trade", folder, "--offline", "--json")

    assert ended.code == 2
    assert "bill-\\udcff.json: name-not-utf-8" in ended.problem["detail"]
