"""Papers that cannot be read."""

from __future__ import annotations

import json

from tests.verification.dossiers import (
    PACKED,
    RESALE,
    altered,
    dossier,
    finding_of,
    report_of,
    rules_with_findings,
    verdict_of,
)


def test_papers_that_keep_their_form_pass() -> None:
    assert verdict_of("papers-readable", dossier()) == "pass"


def test_an_unreadable_paper_is_a_finding_that_names_it_and_its_rule() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    found = finding_of("papers-readable", {**dossier(), "bomb.xml": bomb})

    assert found.verdict == "finding"
    assert found.detail.startswith("bomb.xml: not-xml: has a DTD or an entity")
    assert [each.paper for each in found.evidence] == ["bomb.xml"]


def test_what_it_would_have_said_is_missing_and_no_pass() -> None:
    cut_off = {**dossier(), PACKED: dossier()[PACKED][:500]}

    assert verdict_of("papers-readable", cut_off) == "finding"
    assert verdict_of("quantities", cut_off) == "not_evaluable"


def test_no_paper_at_all_is_no_pass() -> None:
    assert verdict_of("papers-readable", {}) == "not_evaluable"
    assert verdict_of("papers-readable", {"letter.txt": b"Dear Sir"}) == "not_evaluable"


def test_papers_of_one_number_that_say_the_same_are_counted_once() -> None:
    copies = {
        f"copy-of-{name}": json.dumps(json.loads(content), indent=7).encode()
        if name.endswith(".json")
        else content.replace(b">\n", b">\n\n  ") + b"\n\n"
        for name, content in dossier().items()
    }
    once, twice = report_of(dossier()), report_of({**dossier(), **copies})

    assert twice.counts == once.counts
    assert verdict_of("one-paper-per-number", {**dossier(), **copies}) == "pass"


def test_two_papers_of_one_number_that_differ_are_found() -> None:
    papers = {**dossier(), "other.xml": altered(RESALE, ("2026-12-05", "2026-12-06"))[RESALE]}
    found = finding_of("one-paper-per-number", papers)

    assert rules_with_findings(papers) == {"one-paper-per-number"}
    assert {each.paper for each in found.evidence} == {RESALE, "other.xml"}


def test_without_papers_nothing_has_a_number() -> None:
    assert verdict_of("one-paper-per-number", {}) == "not_evaluable"
