"""`tidan audit`: what each verdict says to people, and to scripts by the exit code.

The audits themselves are tested in the node's tests; the whole of it in the system tests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tidan_cli import audit_errand
from tidan_cli.audit_reports import fitting
from tidan_cli.auditing import AskedNode, AuditedPlace
from tidan_cli.audits import seconds_of
from tidan_cli.client import connected
from tidan_cli.failures import Answered, FileUnusable, NodeNotChosen, UsageProblem
from tidan_node.audit import records
from tidan_node.audit.acts import AuditedAct
from tidan_node.audit.findings import Audit, Difference, Fault, Verdict
from tidan_node.audit.reports import LARGEST
from tidan_node.domain.chain_time import moment
from tidan_node.domain.identifiers import BlockHash, Head, PartyIndex
from tidan_node.ledger.blocks import BlockRef

BLOCK = BlockRef(17, BlockHash("0x" + "22" * 32), BlockHash("0x" + "21" * 32), 1_700_000_000)
OUTCOMES: dict[Verdict, dict[str, Any]] = {
    Verdict.DIFFERENT: {"differences": (Difference("possessor", 2, 1),)},
    Verdict.UNANSWERED: {"unanswered": "internal"},
    Verdict.FORKED: {"forked": True},
    Verdict.CHAIN_FAULTY: {"faults": (Fault("not-the-offeree", "party 2 is not the offeree"),)},
}


class Auditor:
    """Stands for the audit: finds what it is given."""

    def __init__(self, told: Any) -> None:
        self.outcome: dict[str, Any] = {}
        self.title = told.title_id

    async def __call__(self, chain: object, node: object, kind: Any, ids: Sequence[str]) -> Any:
        act = AuditedAct(
            kind="title",
            record=self.title,
            seq=1,
            act="ISSUE",
            by=PartyIndex(2),
            time=BLOCK.timestamp,
            block=11,
            block_hash="0x" + "55" * 32,
            tx_hash="0x" + "7e" * 32,
            head="0x" + "66" * 32,
            details={},
        )
        names = {PartyIndex(1): "Paper Heron Demo Line", PartyIndex(2): "=Jade()"}
        head = Head(act.head)
        return [Audit("title", self.title, BLOCK, (act,), head, names=names, **self.outcome)]


@pytest.fixture
def auditor(told: Any, monkeypatch: pytest.MonkeyPatch) -> Auditor:
    made = Auditor(told)
    monkeypatch.setattr(records, "audit_records", made)
    monkeypatch.setattr(audit_errand, "run", lambda place, work: asyncio.run(work(None)))
    return made


@pytest.fixture
def audit(tidan: Any, node: Any, told: Any, manifest: Path) -> Any:
    def run(*options: object) -> Any:
        place = ("--chain", "http://127.0.0.1:1", "--manifest", manifest)
        return tidan("audit", "title", told.title_id, *place, *options)

    return run


def test_what_agrees_is_exit_code_0(audit: Any, auditor: Auditor) -> None:
    human, program = audit(), audit("--json")

    assert human.code == program.code == 0
    assert "verified" in human.out
    assert "ISSUE" in human.out
    assert "=Jade() (2)" in human.out
    assert (program.answer["title"], program.answer["verdict"]) == (auditor.title, "verified")
    assert program.err == ""


@pytest.mark.parametrize("verdict", OUTCOMES)
def test_what_differs_is_exit_code_5_with_the_answer(
    audit: Any, auditor: Auditor, verdict: Verdict
) -> None:
    auditor.outcome = OUTCOMES[verdict]

    human, program = audit(), audit("--json")

    assert human.code == program.code == 5
    assert program.answer["verdict"] == verdict
    assert program.problem["type"] == "/v1/problems/audit-differs"
    assert program.problem["verdict"] == verdict
    assert auditor.title in program.problem["detail"]


def test_parties_are_told_by_their_names(audit: Any, auditor: Auditor) -> None:
    auditor.outcome = OUTCOMES[Verdict.DIFFERENT] | OUTCOMES[Verdict.CHAIN_FAULTY]

    told = audit().out

    assert "Paper Heron Demo Line (1)" in told
    assert "party 2 (=Jade()) is not the offeree" in told


class TestFiles:
    def test_the_lines_are_those_of_the_answers_hash(
        self, audit: Any, auditor: Auditor, tmp_path: Path
    ) -> None:
        from hashlib import sha256  # noqa: PLC0415  # only here

        lines = tmp_path / "acts.jsonl"

        answer = audit("--json", "--jsonl", lines).answer

        assert answer["exported"] == {
            "lines": 1,
            "sha256": sha256(lines.read_bytes()).hexdigest(),
        }

    def test_a_name_that_is_a_formula_is_text_in_csv(
        self, audit: Any, auditor: Auditor, tmp_path: Path
    ) -> None:
        rows = tmp_path / "acts.csv"

        assert audit("--csv", rows).code == 0

        assert '"\'=Jade()"' in rows.read_text()

    def test_they_are_written_though_the_audit_found_something(
        self, audit: Any, auditor: Auditor, tmp_path: Path
    ) -> None:
        auditor.outcome = OUTCOMES[Verdict.FORKED]

        assert audit("--jsonl", tmp_path / "acts.jsonl").code == 5

        assert len((tmp_path / "acts.jsonl").read_text().splitlines()) == 1

    def test_a_file_that_cannot_be_written_is_named_and_nothing_is_asked(
        self, audit: Any, auditor: Auditor, tmp_path: Path
    ) -> None:
        refused = audit("--json", "--csv", tmp_path / "no" / "acts.csv")

        assert refused.code == 2
        assert "acts.csv" in refused.problem["detail"]

    @pytest.mark.parametrize("forked", [False, True])
    def test_a_report_that_is_not_signed_takes_nothing_else_along(
        self, audit: Any, auditor: Auditor, node: Any, tmp_path: Path, *, forked: bool
    ) -> None:
        auditor.outcome = {"forked": forked}
        node.answer("GET", "/v1/me", {"key": {"scopes": ["reports:sign"]}})
        node.refuse("POST", "/v1/audit/reports", "invalid", 422, rule="size")
        lines, report = tmp_path / "acts.jsonl", tmp_path / "report.jws"

        ended = audit("--json", "--jsonl", lines, "--report", report)

        assert ended.code == (5 if forked else 1)
        assert ended.answer["reportProblem"]["rule"] == "size"
        assert list(tmp_path.iterdir()) == [lines]

    def test_a_report_needs_a_key_that_may_sign(
        self, audit: Any, auditor: Auditor, node: Any, tmp_path: Path
    ) -> None:
        node.answer("GET", "/v1/me", {"key": {"scopes": ["records:read"]}, "party": {"index": 1}})

        refused = audit("--json", "--report", tmp_path / "report.jws")

        assert (refused.code, refused.problem["field"]) == (2, "--report")
        assert list(tmp_path.iterdir()) == []


class TestWhatASignedReportHasRoomFor:
    def test_long_lists_and_texts_are_cut_and_counted(self) -> None:
        finding = {"record": "0x", "differences": [{"node": "ü" * 1_500}] * 20}
        report = {
            "verdict": "different",
            "counts": {"title": {"different": 107}},
            "findings": [finding] * 100,
            "findingsOmitted": 7,
            "exported": {"lines": 9, "sha256": "ab"},
        }

        cut = fitting(report)

        assert len(json.dumps(cut)) < LARGEST
        assert len(cut["findings"]) + cut["findingsOmitted"] == 107
        shown = cut["findings"][0]
        assert len(shown["differences"]) + shown.get("differencesOmitted", 0) == 20
        assert (cut["counts"], cut["exported"]) == (report["counts"], report["exported"])

    def test_what_fits_is_whole(self) -> None:
        report = {"findings": [{"record": "0x"}] * 1_000}

        assert fitting(report) is report


class TestTheNodesOwnReplies:
    @pytest.mark.parametrize(
        ("slug", "status"), [("event-unreadable", 502), ("nothing-indexed", 503), ("internal", 500)]
    )
    def test_what_a_node_fails_with_is_its_reply(self, node: Any, slug: str, status: int) -> None:
        node.refuse("GET", "/v1/titles/0x", slug, status)
        with connected(None, None) as client:
            reply = asyncio.run(AskedNode(client).get("/v1/titles/0x"))
        assert (reply.status, reply.failure) == (status, slug)

    def test_what_the_caller_may_not_ask_is_none(self, node: Any) -> None:
        node.refuse("GET", "/v1/titles/0x", "forbidden", 403)
        with connected(None, None) as client, pytest.raises(Answered):
            asyncio.run(AskedNode(client).get("/v1/titles/0x"))


class TestWhatIsBelieved:
    def test_a_chain_that_is_not_there_is_exit_code_3(
        self, audit: Any, node: Any, told: Any
    ) -> None:
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


class TestPeriod:
    def test_a_day_lasts_from_its_first_to_its_last_second(self) -> None:
        first = seconds_of("2026-10-05", "--from")
        last = seconds_of("2026-10-05", "--to", whole_day=True)

        assert last - first == 86_399

    @pytest.mark.parametrize("text", ["0001-01-01T00:00+14:00", "0001-01-01", "1969-12-31"])
    def test_no_period_begins_before_chains_do(self, text: str) -> None:
        assert moment(seconds_of(text, "--from")) == "1970-01-01T00:00:00Z"

    def test_a_period_may_last_as_long_as_calendars_do(self) -> None:
        assert moment(seconds_of("9999-12-31T23:59-14:00", "--to")).startswith("9999-12-31")

    @pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-10-05T12:00", ""])
    def test_what_is_no_moment_is_told_by_its_option(self, text: str) -> None:
        with pytest.raises(UsageProblem) as refused:
            seconds_of(text, "--from")

        assert refused.value.field == "--from"

    def test_a_period_that_ends_before_it_begins_is_refused(
        self, tidan: Any, node: Any, manifest: Path
    ) -> None:
        words = ("--from", "2026-10-05", "--to", "2026-10-04", "--manifest", manifest)

        refused = tidan("audit", "period", *words, "--chain", "http://127.0.0.1:1", "--json")

        assert (refused.code, refused.problem["field"]) == (2, "--to")
