"""Papers that cannot be read."""

from __future__ import annotations

from tests.verification.dossiers import PACKED, dossier, finding_of, verdict_of


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
