"""`tidan audit title`: what each verdict says to people, and to scripts by the exit code.

The audit itself is tested in the node's tests; the whole of it in the story of the demo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tidan_cli import auditing
from tidan_cli.auditing import AuditedPlace
from tidan_cli.client import NodeClient
from tidan_cli.failures import FileUnusable, NodeNotChosen, UsageProblem


class Auditor:
    """Stands for the audit: answers with the verdict that it is given."""

    def __init__(self, told: Any) -> None:
        self.answer: dict[str, Any] = {  # Any: JSON
            "title": told.title_id,
            "verdict": "verified",
            "asOf": told.as_of,
            "head": "0x" + "66" * 32,
            "acts": 1,
            "behind": None,
            "differences": [],
            "faults": [],
            "history": [told.act(1, "ISSUE") | {"by": 1}],
        }

    def __call__(self, place: AuditedPlace, client: NodeClient, whole_id: str) -> dict[str, Any]:
        return self.answer


@pytest.fixture
def auditor(told: Any, monkeypatch: pytest.MonkeyPatch) -> Auditor:
    made = Auditor(told)
    monkeypatch.setattr(auditing, "audit_of_title", made)
    return made


@pytest.fixture
def audit(tidan: Any, node: Any, told: Any, manifest: Path) -> Any:
    def run(*options: str) -> Any:
        place = ("--chain", "http://127.0.0.1:1", "--manifest", manifest)
        return tidan("audit", "title", told.title_id, *place, *options)

    return run


@pytest.mark.parametrize("verdict", ["verified", "behind"])
def test_what_agrees_is_exit_code_0(audit: Any, auditor: Auditor, verdict: str) -> None:
    auditor.answer["verdict"] = verdict

    human, program = audit(), audit("--json")

    assert human.code == program.code == 0
    assert verdict in human.out
    assert "ISSUE" in human.out
    assert program.answer == auditor.answer
    assert program.err == ""


@pytest.mark.parametrize("verdict", ["different", "forked", "chain-faulty"])
def test_what_differs_is_exit_code_5_with_the_answer(
    audit: Any, auditor: Auditor, verdict: str
) -> None:
    auditor.answer |= {
        "verdict": verdict,
        "differences": [{"field": "possessor", "chain": 3, "node": 2}],
        "faults": [{"rule": "unlike-the-contract", "detail": "head: a, b", "seq": None}],
    }

    human, program = audit(), audit("--json")

    assert human.code == program.code == 5
    assert "possessor" in human.out
    assert "unlike-the-contract: head: a, b" in human.out
    assert program.answer == auditor.answer
    assert program.problem["type"] == "/v1/problems/audit-differs"
    assert program.problem["verdict"] == verdict


class TestWhatIsBelieved:
    def test_a_chain_that_is_not_there_is_exit_code_3(
        self, audit: Any, node: Any, told: Any
    ) -> None:
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title())
        history = {"title": told.title_id, "head": "0x", "acts": [], "asOf": told.as_of}
        node.answer("GET", f"/v1/titles/{told.title_id}/history", history)

        ended = audit("--json")

        assert ended.code == 3
        assert ended.problem["type"] == "/v1/problems/chain-unreachable"

    def test_it_is_the_homes_unless_it_is_named(self, manifest: Path, tmp_path: Path) -> None:
        words = f'chain_url = "http://127.0.0.1:7777"\nmanifest = "{manifest}"\n'
        (tmp_path / "node.toml").write_text(words)

        of_home = AuditedPlace.chosen(None, None, tmp_path)
        named = AuditedPlace.chosen("http://127.0.0.1:9", None, tmp_path)

        assert of_home.chain_url == "http://127.0.0.1:7777"
        assert of_home.manifest.chain_id == 1337
        assert named.chain_url == "http://127.0.0.1:9"

    def test_without_a_home_both_must_be_named(
        self, manifest: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("TIDAN_NODE_HOME", raising=False)

        assert AuditedPlace.chosen("http://127.0.0.1:9", manifest, None).chain_url
        with pytest.raises(NodeNotChosen):
            AuditedPlace.chosen("http://127.0.0.1:9", None, None)

    def test_a_manifest_that_is_none_is_told_by_its_option(self, tmp_path: Path) -> None:
        (tmp_path / "manifest.json").write_text("{}")

        with pytest.raises(UsageProblem) as refused:
            AuditedPlace.chosen("http://127.0.0.1:9", tmp_path / "manifest.json", None)

        assert refused.value.field == "--manifest"

    def test_a_manifest_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(FileUnusable) as refused:
            AuditedPlace.chosen("http://127.0.0.1:9", tmp_path / "none.json", None)

        assert "none.json" in refused.value.detail
