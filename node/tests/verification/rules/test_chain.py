"""What the chain says."""

from __future__ import annotations

from dataclasses import replace

from tests.verification.dossiers import BILL, dossier, finding_of, report_of
from tidan_node.verification.facts.chain import (
    CHAIN,
    ChainFacts,
    Holder,
    OtherThanRecorded,
    RecordedContent,
    RecordStanding,
    TitleStanding,
)
from tidan_node.verification.facts.said import Said

BANK, BUYER = Holder(4, "Harbour Lamp Demo Bank"), Holder(3, "Elbe Demo Imports")
TITLE = TitleStanding(
    title_id="0x01",
    status=Said("LIVE", CHAIN, "/title/0x01/status"),
    possessor=Said(BANK, CHAIN, "/title/0x01/possessor"),
    expected=BANK,
)
ROOT = Said("0xaa", CHAIN, "/title/0x01/contentRoot")
FACTS = ChainFacts(
    title=TITLE,
    records=(RecordStanding("invoice", Said("ACCEPTED", CHAIN, "/invoice/0x02/status"), True),),
    contents=(RecordedContent("title", ROOT, "0xaa"),),
)


def verdict(rule: str, facts: ChainFacts | None) -> str:
    return finding_of(rule, dossier(), facts).verdict


def test_with_the_chain_the_true_dossier_passes_every_rule() -> None:
    report = report_of(dossier(), FACTS)

    assert report.verdict == "pass"
    assert {each.verdict for each in report.findings} == {"pass"}


def test_a_title_that_is_no_longer_live_is_found() -> None:
    delivered = replace(TITLE, status=Said("DELIVERED", CHAIN, "/title/0x01/status"))
    found = finding_of("title-live-and-held", dossier(), replace(FACTS, title=delivered))

    assert (found.verdict, found.detail) == ("finding", "the title is DELIVERED")


def test_a_title_that_somebody_else_holds_is_found() -> None:
    elsewhere = replace(FACTS, title=replace(TITLE, expected=BUYER))
    found = finding_of("title-live-and-held", dossier(), elsewhere)

    assert found.detail == "Harbour Lamp Demo Bank (4) holds the title, not Elbe Demo Imports (3)"
    assert {each.paper for each in found.evidence} == {CHAIN}


def test_without_a_title_or_an_expected_holder_it_cannot_be_evaluated() -> None:
    nobody = replace(FACTS, title=replace(TITLE, expected=None))

    assert verdict("title-live-and-held", None) == "not_evaluable"
    assert verdict("title-live-and-held", nobody) == "not_evaluable"


def test_a_content_that_gives_another_root_is_found() -> None:
    other = replace(FACTS, contents=(RecordedContent("title", ROOT, "0xbb"),))

    assert verdict("content-roots", other) == "finding"


def test_a_paper_that_is_not_the_recorded_one_is_found() -> None:
    record = Said("0xaa", "title 0x01", "/contentRoot")
    other = OtherThanRecorded(Said("other content", BILL, ""), record)
    found = finding_of("content-roots", dossier(), replace(FACTS, others=(other,)))

    assert found.verdict == "finding"
    assert BILL in found.detail


def test_a_content_that_is_not_held_cannot_be_evaluated() -> None:
    absent = replace(FACTS, contents=(RecordedContent("title", ROOT, None),))

    assert verdict("content-roots", absent) == "not_evaluable"
    assert verdict("content-roots", None) == "not_evaluable"


def test_a_disputed_invoice_is_found() -> None:
    disputed = RecordStanding("invoice", Said("DISPUTED", CHAIN, "/invoice/0x02/status"), False)

    assert verdict("records-in-force", replace(FACTS, records=(disputed,))) == "finding"
    assert verdict("records-in-force", FACTS) == "pass"


def test_without_records_nothing_is_in_force() -> None:
    assert verdict("records-in-force", replace(FACTS, records=())) == "not_evaluable"
    assert verdict("records-in-force", None) == "not_evaluable"
