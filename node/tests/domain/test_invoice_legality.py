"""What InvoiceRegistry let pass is held against the rules once more."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.chance import played
from tests.story import Story
from tidan_node.domain import events as happened
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import ContentRoot, PartyIndex, RecordId, TitleId
from tidan_node.domain.invoice_legality import invoice_legality
from tidan_node.domain.legality import IllegalAct
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.record_fold import InvoiceEvent, fold_invoice
from tidan_node.domain.standings import Standings

SELLER, BUYER, BANK = (PartyIndex(index) for index in range(1, 4))
ROOT = ContentRoot("0x" + "33" * 32)


def consortium() -> tuple[Story, RecordId]:
    story = Story()
    for role in (Role.TRADER, Role.TRADER, Role.BANK):
        story.enrol(role)
    return story, story.register_invoice(SELLER, BUYER)


def judged(events: list[ChainEvent], invoice: RecordId) -> list[IllegalAct]:
    ours = [e for e in events if isinstance(e.event, InvoiceEvent) and e.event.id == invoice]
    return list(invoice_legality(fold_invoice(ours), Standings(events).at))


class TestInvoiceLegality:
    @settings(deadline=None)
    @given(random=st.randoms(use_true_random=False), acts=st.integers(0, 80))
    def test_nothing_is_found_where_the_rules_were_kept(self, random: Random, acts: int) -> None:
        story = played(random, acts)
        for invoice in story.invoices:
            assert judged(story.events, invoice) == []

    def test_an_acceptance_by_who_is_not_the_buyer_is_found(self) -> None:
        story, invoice = consortium()
        story.emit(happened.InvoiceAccepted(invoice, 2, BANK))
        (found,) = judged(story.events, invoice)
        assert (found.seq, found.rule) == (2, "not-the-buyer")

    def test_a_settlement_before_any_answer_is_found(self) -> None:
        story, invoice = consortium()
        story.emit(happened.InvoiceSettled(invoice, 2, SELLER))
        (found,) = judged(story.events, invoice)
        assert (found.seq, found.rule) == (2, "wrong-status")

    def test_a_cancellation_by_the_buyer_is_found(self) -> None:
        story, invoice = consortium()
        story.emit(happened.InvoiceCancelled(invoice, 2, BUYER))
        (found,) = judged(story.events, invoice)
        assert (found.seq, found.rule) == (2, "not-the-seller")

    def test_a_link_of_a_cancelled_invoice_is_found(self) -> None:
        story, invoice = consortium()
        story.act_on_invoice(invoice, happened.InvoiceCancelled)
        story.emit(happened.InvoiceLinked(invoice, 3, SELLER, TitleId("0x" + "11" * 32)))
        (found,) = judged(story.events, invoice)
        assert (found.seq, found.rule) == (3, "wrong-status")

    def test_a_dispute_by_a_suspended_buyer_is_found(self) -> None:
        story, invoice = consortium()
        story.change_status(BUYER, PartyStatus.SUSPENDED)
        story.emit(happened.InvoiceDisputed(invoice, 2, BUYER, 1))
        (found,) = judged(story.events, invoice)
        assert (found.seq, found.rule) == (2, "party-not-active")

    def test_a_registration_by_a_bank_is_found(self) -> None:
        story, _ = consortium()
        invoice = RecordId("0x" + "77" * 32)
        story.emit(happened.InvoiceRegistered(invoice, BANK, BUYER, ROOT, 2, 1))
        (found,) = judged(story.events, invoice)
        assert (found.seq, found.rule) == (1, "role-missing")

    def test_another_effect_than_the_rules_say_is_found(self) -> None:
        story, _ = consortium()
        ours = [e for e in story.events if isinstance(e.event, InvoiceEvent)]
        (step,) = fold_invoice(ours)
        other = replace(step.after.invoice, buyer=BANK)
        bent = step._replace(after=replace(step.after, invoice=other))
        (found,) = invoice_legality([bent], Standings(story.events).at)
        assert (found.seq, found.rule) == (1, "other-effect")

    def test_a_history_without_its_beginning_is_found(self) -> None:
        story, invoice = consortium()
        story.act_on_invoice(invoice, happened.InvoiceAccepted)
        ours = [e for e in story.events if isinstance(e.event, InvoiceEvent)]
        found = list(invoice_legality(fold_invoice(ours)[1:], Standings(story.events).at))
        assert [each.rule for each in found] == ["history-broken"]
