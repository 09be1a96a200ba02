"""A bank asks its node about a trade: the records that it holds, and the papers that it brings."""

from __future__ import annotations

import pytest

from tests.office import opened
from tests.verification.dossiers import BILL, POLICY, RESALE, altered, dossier
from tests.verification.trades import Json, Trade, encoded, rule
from tidan_node.domain.parties import Role
from tidan_node.people.caller import Scope

NUMBER = "TDZ2026HAM000417"


async def test_a_whole_trade_passes_every_rule(trade: Trade) -> None:
    await trade.endorsee_is(2)
    title = await trade.issued(titleholder="2")
    invoice, policy = await trade.registered(), await trade.insured()
    await trade.seller.post(f"/v1/invoices/{invoice}/links", {"title": title})
    await trade.seller.carry_out()
    await trade.given_to_the_bank(trade.carrier, "titles", title)
    await trade.given_to_the_bank(trade.seller, "invoices", invoice)
    await trade.given_to_the_bank(trade.insurer, "policies", policy)
    rest = {name: each for name, each in trade.papers.items() if name not in (BILL, RESALE, POLICY)}

    report = await trade.checked(title=title, papers=encoded(rest))

    assert [each["id"] for each in report["rules"] if each["verdict"] != "pass"] == []
    assert report["verdict"] == "pass"
    assert report["title"]["possessor"] == {"index": 4, "name": "Party 4 Ltd"}
    names = {paper["name"]: paper["kind"] for paper in report["papers"]}
    assert names[f"title {title[:18]}"] == "transport-document"
    assert names[f"invoice {invoice[:18]}"] == "invoice"
    assert names[f"policy {policy[:18]}"] == "policy"


async def test_records_that_only_name_the_bill_are_found_as_well(trade: Trade) -> None:
    title, invoice, policy = await trade.issued(), await trade.registered(), await trade.insured()
    await trade.given_to_the_bank(trade.carrier, "titles", title)
    await trade.given_to_the_bank(trade.seller, "invoices", invoice)
    await trade.given_to_the_bank(trade.insurer, "policies", policy)

    report = await trade.checked(title=title)

    kinds = sorted(paper["kind"] for paper in report["papers"])
    assert kinds == ["invoice", "policy", "transport-document"]
    assert rule(report, "records-in-force")["verdict"] == "pass"


async def test_a_paper_that_is_the_record_is_there_once(trade: Trade) -> None:
    title = await trade.issued()
    await trade.given_to_the_bank(trade.carrier, "titles", title)

    report = await trade.checked(title=title, papers=encoded({BILL: trade.papers[BILL]}))

    assert [paper["name"] for paper in report["papers"]] == [BILL]
    assert rule(report, "content-roots")["verdict"] == "pass"


async def test_a_paper_that_is_not_what_was_recorded_is_found(trade: Trade) -> None:
    title = await trade.issued()
    await trade.given_to_the_bank(trade.carrier, "titles", title)
    heavier = altered(BILL, ("24000", "25000"), papers=trade.papers)[BILL]

    report = await trade.checked(title=title, papers=encoded({BILL: heavier}))

    found = rule(report, "content-roots")
    assert found["verdict"] == "finding"
    assert BILL in {each["paper"] for each in found["evidence"]}


async def test_a_title_that_another_holds_is_found_unless_it_should_be_there(trade: Trade) -> None:
    title = await trade.issued(possessor="2")

    mine = await trade.checked(title=title)
    theirs = await trade.checked(title=title, holder="2")

    assert rule(mine, "title-live-and-held")["verdict"] == "finding"
    assert rule(theirs, "title-live-and-held")["verdict"] == "pass"


async def test_a_title_on_offer_to_the_bank_is_expected_with_who_offers_it(trade: Trade) -> None:
    title = await trade.issued(possessor="2")
    before = await trade.checked(title=title)
    await trade.seller.post(f"/v1/titles/{title}/offers", {"recipient": "4"})
    await trade.seller.carry_out()

    on_offer = await trade.checked(title=title)
    named = await trade.checked(title=title, holder="4")

    assert before["expectedHolder"] == {"index": 4, "name": "Party 4 Ltd", "because": "it asks"}
    assert on_offer["expectedHolder"] == {
        "index": 2,
        "name": "Party 2 Ltd",
        "because": "it offers the title to this party",
    }
    assert rule(on_offer, "title-live-and-held")["verdict"] == "pass"
    assert named["expectedHolder"]["because"] == "it was named"
    assert rule(named, "title-live-and-held")["verdict"] == "finding"


async def test_a_title_that_the_bank_has_as_security_is_expected_with_its_possessor(
    trade: Trade,
) -> None:
    await trade.endorsee_is(2)
    title = await trade.issued(possessor="2", titleholder="2")
    await trade.seller.post(f"/v1/titles/{title}/pledges", {"pledgee": "4"})
    await trade.seller.carry_out()

    report = await trade.checked(title=title)

    assert report["expectedHolder"] == {
        "index": 2,
        "name": "Party 2 Ltd",
        "because": "it gives the title to this party as security",
    }
    assert rule(report, "title-live-and-held")["verdict"] == "pass"


async def test_an_offer_to_another_does_not_change_who_is_expected(trade: Trade) -> None:
    title = await trade.issued(possessor="2")
    await trade.seller.post(f"/v1/titles/{title}/offers", {"recipient": "3"})
    await trade.seller.carry_out()

    report = await trade.checked(title=title)

    assert report["expectedHolder"]["because"] == "it asks"


async def test_a_title_that_was_made_out_to_another_than_its_document_is_found_for_ever(
    trade: Trade,
) -> None:
    title = await trade.issued(possessor="2", titleholder="1")
    await trade.endorsee_is(2)  # only now: a node that knows it does not issue this
    await trade.given_to_the_bank(trade.carrier, "titles", title)

    found = rule(await trade.checked(title=title), "first-titleholder")

    assert found["verdict"] == "finding"
    assert "Party 1 Ltd" in found["detail"]
    assert {each["paper"] for each in found["evidence"]} == {f"title {title[:18]}", "chain"}


async def test_a_disputed_invoice_is_found(trade: Trade) -> None:
    title, invoice = await trade.issued(possessor="2"), await trade.registered()
    await trade.seller.post(f"/v1/invoices/{invoice}/links", {"title": title})
    await trade.seller.carry_out()
    await trade.given_to_the_bank(trade.seller, "invoices", invoice)
    await trade.carrier.post(f"/v1/invoices/{invoice}/dispute", {"reason": "AMOUNT"})
    await trade.carrier.carry_out()

    found = rule(await trade.checked(title=title), "records-in-force")

    assert (found["verdict"], found["detail"]) == ("finding", "the invoice is DISPUTED")


async def test_a_stranger_cannot_spoil_a_check_by_linking_an_invoice(trade: Trade) -> None:
    title, invoice = await trade.issued(), await trade.registered()
    await trade.given_to_the_bank(trade.carrier, "titles", title)
    before = await trade.checked(title=title)

    await trade.seller.post(f"/v1/invoices/{invoice}/links", {"title": title})
    await trade.seller.carry_out()

    after = await trade.checked(title=title)
    assert after["rules"] == before["rules"]
    assert after["asOf"] != before["asOf"]


async def test_content_that_the_bank_does_not_hold_is_missing(trade: Trade) -> None:
    title = await trade.issued()

    report = await trade.checked(title=title)

    assert report["papers"] == []
    assert report["verdict"] == "incomplete"
    assert rule(report, "title-live-and-held")["verdict"] == "pass"
    assert rule(report, "content-roots")["verdict"] == "not_evaluable"


async def test_papers_alone_are_checked_without_the_chain(trade: Trade) -> None:
    report = await trade.checked(papers=encoded(dossier()))

    assert (report["verdict"], report["title"]) == ("incomplete", None)
    assert report["counts"] == {"pass": 21, "finding": 0, "notEvaluable": 5}


async def test_a_hostile_paper_is_a_finding_of_the_report(trade: Trade) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'

    report = await trade.checked(papers=encoded({"bomb.xml": bomb}))

    (paper,) = report["papers"]
    assert paper["problem"]["rule"] == "not-xml"
    assert rule(report, "papers-readable")["verdict"] == "finding"


async def test_a_check_is_in_the_trail_without_a_word_of_the_papers(trade: Trade) -> None:
    title = await trade.issued()
    await trade.given_to_the_bank(trade.carrier, "titles", title)
    await trade.checked(title=title, papers=encoded(trade.papers))
    await trade.checked(papers=encoded(trade.papers))

    of_title, of_papers = (await trade.bank.trail())[-2:]

    assert of_title[:2] == ("trade.checked", title)
    assert of_papers[:2] == ("trade.checked", "papers")
    assert of_papers[2]["verdict"] == "incomplete"
    assert set(of_title[2]) == {"verdict", "papers", "findings", "notEvaluable", "block"}
    assert NUMBER not in repr((of_title, of_papers))


async def test_a_check_keeps_nothing_but_its_trail_entry(trade: Trade) -> None:
    before = await trade.bank.rows()
    await trade.checked(papers=encoded(dossier()))

    assert await trade.bank.rows() == (before[0], before[1], before[2] + 1)


@pytest.mark.parametrize(
    ("wish", "status", "slug"),
    [
        ({"title": "0x" + "ab" * 32}, 404, "title-unknown"),
        ({"title": "short"}, 422, "invalid-input"),
        ({"holder": "Nobody Ltd"}, 404, "party-unknown"),
        ({"papers": [{"name": "a.json", "content": "no base64!"}]}, 422, "invalid-input"),
        ({"papers": [{"name": "a", "content": ""}] * 2}, 422, "invalid-input"),
        ({"papers": [{"name": "", "content": ""}]}, 422, "invalid-input"),
        ({"papers": [{"name": "a", "content": ""}], "more": 1}, 422, "invalid-input"),
    ],
)
async def test_a_question_that_breaks_a_rule_is_refused(
    trade: Trade, wish: Json, status: int, slug: str
) -> None:
    answer = await trade.bank.client.post("/v1/trade-checks", json=wish)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/v1/problems/{slug}")


async def test_a_key_that_may_not_read_documents_may_not_check(trade: Trade) -> None:
    party = trade.consortium.enrol(Role.BANK)
    scopes = frozenset(Scope) - {Scope.DOCUMENTS_READ}
    async with opened(trade.consortium, party, scopes) as office:
        answer = await office.client.post("/v1/trade-checks", json={})

    assert answer.json()["type"] == "/v1/problems/scope-missing"
