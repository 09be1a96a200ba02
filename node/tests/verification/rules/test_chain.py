"""What the chain says."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.verification.dossiers import (
    BILL,
    dossier,
    finding_of,
    report_of,
    rewritten,
    trade_from,
)
from tidan_node.verification.facts.chain import (
    CHAIN,
    NOBODY,
    ChainFacts,
    Holder,
    OtherThanRecorded,
    RecordedContent,
    RecordStanding,
    TitleStanding,
)
from tidan_node.verification.facts.papers import Bill
from tidan_node.verification.facts.said import PaperParty, Said
from tidan_node.verification.rules.rule import Finding

BANK, BUYER = Holder(4, "Harbour Lamp Demo Bank"), Holder(3, "Elbe Demo Imports")
SHIPPER = PaperParty("Jade Kiln Demo Exports", frozenset({"LEI:TIDANDEMOSHIPPER0198"}))
CARRIER = PaperParty("Paper Heron Demo Line", frozenset({"LEI:TIDANDEMOCARRIER0125"}))
ADDRESS = {"street": "Kiln Road", "city": "Shanghai", "countryCode": "CN"}
IN_BLANK = PaperParty(None, frozenset())
TITLE = TitleStanding(
    title_id="0x01",
    status=Said("LIVE", CHAIN, "/title/0x01/status"),
    possessor=Said(BANK, CHAIN, "/title/0x01/possessor"),
    expected=BANK,
    issued_to=Said(SHIPPER, CHAIN, "/title/0x01/issuedTo"),
    bill=trade_from(dossier()).papers.bills[0],
    pledgee=Said(NOBODY, CHAIN, "/title/0x01/pledge"),
    proposed_until=None,
    asking=BUYER,
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


class TestUnencumbered:
    """Whoever takes a title that is security of another takes it with the pledge."""

    def test_one_that_is_pledged_to_nobody_passes(self) -> None:
        assert self.finding(NOBODY).verdict == "pass"

    def test_one_that_is_pledged_to_a_bank_is_found_by_its_buyer(self) -> None:
        found = self.finding(BANK)

        assert (found.verdict, found.severity) == ("finding", "high")
        assert found.detail == "the title is pledged to Harbour Lamp Demo Bank (4)"
        (evidence,) = found.evidence
        assert (evidence.paper, evidence.path) == (CHAIN, "/title/0x01/pledge")
        assert evidence.value == "Harbour Lamp Demo Bank (4)"

    def test_one_that_is_only_proposed_is_found_with_its_deadline(self) -> None:
        found = self.finding(BANK, proposed_until="2026-12-01T00:00:00Z")

        words = "proposed to Harbour Lamp Demo Bank (4) as security until 2026-12-01T00:00:00Z"
        assert (found.verdict, found.detail) == ("finding", f"the title is {words}")

    def test_the_bank_that_has_the_pledge_or_is_to_have_it_knows_it(self) -> None:
        proposed = self.finding(BANK, asking=BANK, proposed_until="2026-12-01T00:00:00Z")

        assert self.finding(BANK, asking=BANK).verdict == proposed.verdict == "pass"

    def test_a_pledgee_that_is_no_party_is_found_by_its_number(self) -> None:
        found = self.finding(Holder(0, "0xbeef"), asking=None)

        assert (found.verdict, found.detail) == ("finding", "the title is pledged to 0xbeef")

    def test_without_a_title_it_cannot_be_evaluated(self) -> None:
        assert verdict("title-unencumbered", None) == "not_evaluable"

    @staticmethod
    def finding(
        pledgee: Holder, *, proposed_until: str | None = None, asking: Holder | None = BUYER
    ) -> Finding:
        said = Said(pledgee, CHAIN, "/title/0x01/pledge")
        title = replace(TITLE, pledgee=said, proposed_until=proposed_until, asking=asking)
        return finding_of("title-unencumbered", dossier(), replace(FACTS, title=title))


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


class TestFirstTitleholder:
    """The dossier's bill is to the order of its shipper."""

    def test_one_that_its_carrier_made_out_to_itself_is_found(self) -> None:
        found = self.finding(issued_to=CARRIER)

        assert found.verdict == "finding"
        assert "Jade Kiln Demo Exports" in found.detail
        assert "Paper Heron Demo Line" in found.detail
        assert [each.paper for each in found.evidence] == [BILL, CHAIN]

    def test_the_same_name_under_another_identifier_is_found(self) -> None:
        other = PaperParty(SHIPPER.name, frozenset({"LEI:ANOTHER0000000000037"}))

        assert self.finding(issued_to=other).verdict == "finding"

    def test_identifiers_have_no_case(self) -> None:
        written = PaperParty("jade", frozenset({"LEI:tidandemoshipper0198"}))

        assert self.finding(issued_to=written).verdict == "pass"

    def test_without_an_identifier_to_compare_it_cannot_be_evaluated(self) -> None:
        nameless = PaperParty(SHIPPER.name, frozenset({"SMDG:TDZ"}))

        assert self.finding(issued_to=nameless).verdict == "not_evaluable"
        unnamed = Said(PaperParty(SHIPPER.name, frozenset()), BILL, "/documentParties/endorsee")
        bill = replace(self.bill(), made_out_to=unnamed)
        assert self.finding(bill=bill).verdict == "not_evaluable"

    def test_without_the_title_or_its_document_it_cannot_be_evaluated(self) -> None:
        assert verdict("first-titleholder", None) == "not_evaluable"
        assert self.finding(bill=None).verdict == "not_evaluable"

    def test_one_in_blank_is_made_out_to_nobody(self) -> None:
        blank = self.bill(endorsee=None)

        assert self.finding(bill=blank, issued_to=IN_BLANK).verdict == "pass"
        assert self.finding(bill=blank, issued_to=CARRIER).verdict == "finding"

    def test_a_straight_one_is_made_out_to_its_consignee(self) -> None:
        code = {"codeListProvider": "GLEIF", "codeListName": "LEI"}
        consignee = {
            "partyName": "Elbe Demo Imports",
            "address": ADDRESS,
            "identifyingCodes": [code | {"partyCode": "TIDANDEMOBUYER000125"}],
        }
        straight = self.bill(endorsee=None, consignee=consignee, is_to_order=False)
        buyer = PaperParty("Elbe Demo Imports", frozenset({"LEI:TIDANDEMOBUYER000125"}))

        assert self.finding(bill=straight, issued_to=buyer).verdict == "pass"
        assert self.finding(bill=straight).verdict == "finding"

    @staticmethod
    def bill(*, is_to_order: bool = True, **parties: Any) -> Bill:  # Any: JSON
        named = json.loads(dossier()[BILL])["documentParties"] | parties
        kept = {key: value for key, value in named.items() if value is not None}
        papers = rewritten(BILL, documentParties=kept, isToOrder=is_to_order)
        return trade_from(papers).papers.bills[0]

    @staticmethod
    def finding(*, bill: Bill | None = TITLE.bill, issued_to: PaperParty = SHIPPER) -> Finding:
        said = Said(issued_to, CHAIN, "/title/0x01/issuedTo")
        title = replace(TITLE, bill=bill, issued_to=said)
        return finding_of("first-titleholder", dossier(), replace(FACTS, title=title))
