"""What a check comes to: the true dossier, the false one, and papers that nobody wrote for it."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verification.dossiers import (
    DOCUMENTS,
    dossier,
    finding_of,
    papers_of,
    report_of,
    rules_with_findings,
)

CHAIN_RULES = {
    *("title-live-and-held", "title-unencumbered", "first-titleholder"),
    *("content-roots", "records-in-force"),
}


def test_the_true_dossier_passes_every_rule_that_needs_no_chain() -> None:
    report = report_of(dossier())

    assert report.verdict == "incomplete"
    verdicts = {each.rule: each.verdict for each in report.findings}
    assert {rule for rule, verdict in verdicts.items() if verdict != "pass"} == CHAIN_RULES
    assert {verdicts[rule] for rule in CHAIN_RULES} == {"not_evaluable"}


def test_of_the_false_dossier_exactly_what_is_false_is_found() -> None:
    papers = papers_of(DOCUMENTS / "false-dossier")
    falsehoods = json.loads(papers["falsehoods.json"])

    assert rules_with_findings(papers) == {each["rule"] for each in falsehoods}
    for each in falsehoods:
        evidence = finding_of(each["rule"], papers).evidence
        assert each["paper"] in {found.paper for found in evidence}, each


def test_each_falsehood_alone_is_found_by_its_own_rule_alone() -> None:
    """A paper of the true dossier, with the false one in its place, is found by its rules only."""
    false = papers_of(DOCUMENTS / "false-dossier")
    falsehoods = json.loads(false.pop("falsehoods.json"))
    shared = {"container-check-digit", "imo-check-digit"}  # one number, false on every paper
    for name in sorted({each["paper"] for each in falsehoods}):
        named = {each["rule"] for each in falsehoods if each["paper"] == name}
        found = rules_with_findings({**dossier(), name: false[name]})
        assert named <= found
        # a container or a ship that only one paper has is another one to the papers beside it
        beside = {"insured-goods-and-voyage", "events-against-bill", "quantities"}
        assert found - named <= (beside if named & shared else set()), name


def test_a_folder_of_samples_has_findings_and_every_rule_a_verdict(standards: Path) -> None:
    folders = (standards / "samples" / "dcsa", standards / "peppol" / "authored")
    papers = {name: content for folder in folders for name, content in papers_of(folder).items()}
    report = report_of(papers)

    assert report.verdict == "findings"
    assert sum(report.counts.values()) == len(report.findings)
    assert {paper.kind for paper in report.read} == {
        "credit-note",
        "events",
        "invoice",
        "other",
        "transport-document",
    }


@settings(max_examples=100, deadline=None)
@given(st.sets(st.sampled_from(sorted(dossier()))))
def test_missing_evidence_is_never_a_finding_and_never_makes_a_pass(kept: set[str]) -> None:
    whole = {each.rule: each.verdict for each in report_of(dossier()).findings}
    papers = {name: content for name, content in dossier().items() if name in kept}

    for each in report_of(papers).findings:
        assert each.verdict in {whole[each.rule], "not_evaluable"}, each.detail


def test_the_report_says_the_same_in_json() -> None:
    document = report_of({**dossier(), "cut.json": b"{"}).document()

    assert json.loads(json.dumps(document)) == document
    assert document["verdict"] == "findings"
    assert document["counts"]["notEvaluable"] == len(CHAIN_RULES)
    (cut,) = [paper for paper in document["papers"] if paper["name"] == "cut.json"]
    assert cut["problem"]["rule"] == "not-json"
    assert all(
        set(rule) == {"id", "title", "severity", "verdict", "detail", "evidence"}
        for rule in document["rules"]
    )
