"""Invoices and policies follow from their events as titles do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak

from tests.story import Story
from tidan_node.domain import events as happened
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.history import head_of, link_detail, word
from tidan_node.domain.identifiers import PartyIndex, RecordId, to_bytes
from tidan_node.domain.invoices import InvoiceStatus
from tidan_node.domain.parties import Role
from tidan_node.domain.policies import PolicyStatus
from tidan_node.domain.record_fold import InvoiceEvent, PolicyEvent, fold_invoice, fold_policy
from tidan_node.domain.steps import HistoryBroken, Step

SELLER, BUYER, INSURER = PartyIndex(1), PartyIndex(2), PartyIndex(3)
Fold = Callable[[Sequence[ChainEvent]], tuple[Step[object], ...]]


def consortium() -> Story:
    story = Story()
    for role in (Role.TRADER, Role.TRADER, Role.INSURER):
        story.enrol(role)
    return story


def an_invoice(*acts: type[happened.Event]) -> tuple[RecordId, list[ChainEvent]]:
    story = consortium()
    invoice = story.register_invoice(SELLER, BUYER)
    for act in acts:
        story.next_block()
        story.act_on_invoice(invoice, act)
    return invoice, [each for each in story.events if isinstance(each.event, InvoiceEvent)]


def a_policy(*acts: type[happened.Event]) -> tuple[RecordId, list[ChainEvent]]:
    story = consortium()
    policy = story.issue_policy(INSURER, BUYER)
    for act in acts:
        story.next_block()
        story.act_on_policy(policy, act)
    return policy, [each for each in story.events if isinstance(each.event, PolicyEvent)]


class TestFoldInvoice:
    @pytest.mark.parametrize(
        ("acts", "status"),
        [
            ((), InvoiceStatus.REGISTERED),
            ((happened.InvoiceAccepted,), InvoiceStatus.ACCEPTED),
            ((happened.InvoiceDisputed,), InvoiceStatus.DISPUTED),
            ((happened.InvoiceDisputed, happened.InvoiceAccepted), InvoiceStatus.ACCEPTED),
            ((happened.InvoiceAccepted, happened.InvoiceSettled), InvoiceStatus.SETTLED),
            ((happened.InvoiceCancelled,), InvoiceStatus.CANCELLED),
            ((happened.InvoiceDisputed, happened.InvoiceLinked), InvoiceStatus.DISPUTED),
        ],
    )
    def test_ends_in_the_status_of_its_last_act(
        self, acts: tuple[type[happened.Event], ...], status: InvoiceStatus
    ) -> None:
        _, events = an_invoice(*acts)
        invoice = fold_invoice(events)[-1].after.invoice
        assert (invoice.status, invoice.seq) == (status, 1 + len(acts))

    def test_the_details_are_those_of_the_contract(self) -> None:
        invoice, events = an_invoice(
            happened.InvoiceDisputed, happened.InvoiceAccepted, happened.InvoiceLinked
        )
        registered, disputed, accepted, linked = fold_invoice(events)
        root = registered.after.invoice.content_root
        expected = encode(
            ["bytes32", "bytes32", "uint32", "uint16", "uint16"],
            [to_bytes(invoice), to_bytes(root), BUYER, 2, 1],
        )
        assert registered.act.detail == keccak(expected)
        assert disputed.act.detail == word(2)
        assert accepted.act.detail == bytes(32)
        assert isinstance(linked.event, happened.InvoiceLinked)
        assert linked.act.detail == link_detail(linked.event.title)
        acts = [step.act for step in (registered, disputed, accepted, linked)]
        assert linked.after.head == head_of(list(acts))

    def test_names_who_did_each_act(self) -> None:
        _, events = an_invoice(happened.InvoiceAccepted, happened.InvoiceSettled)
        assert [step.act.actor for step in fold_invoice(events)] == [SELLER, BUYER, SELLER]


class TestFoldPolicy:
    def test_an_endorsement_changes_root_and_version(self) -> None:
        _, events = a_policy(happened.PolicyEndorsed)
        before, after = (step.after.policy for step in fold_policy(events))
        assert after.status is PolicyStatus.ENDORSED
        assert (before.version, after.version) == (1, 2)
        assert after.content_root != before.content_root

    def test_an_assigned_policy_stays_assigned_when_it_is_endorsed(self) -> None:
        _, events = a_policy(happened.PolicyAssigned, happened.PolicyEndorsed)
        policy = fold_policy(events)[-1].after.policy
        assert policy.status is PolicyStatus.ASSIGNED
        assert policy.loss_payee == 3

    def test_a_cancelled_policy_is_cancelled(self) -> None:
        _, events = a_policy(happened.PolicyEndorsed, happened.PolicyCancelled)
        assert fold_policy(events)[-1].after.policy.status is PolicyStatus.CANCELLED

    def test_the_details_are_those_of_the_contract(self) -> None:
        policy, events = a_policy(
            happened.PolicyEndorsed, happened.PolicyAssigned, happened.PolicyCancelled
        )
        issued, endorsed, assigned, cancelled = fold_policy(events)
        first = issued.after.policy
        assert issued.act.detail == keccak(
            encode(
                ["bytes32", "bytes32", "uint32", "uint40", "uint16", "uint16"],
                [to_bytes(policy), to_bytes(first.content_root), BUYER, first.expires, 3, 1],
            )
        )
        root = endorsed.after.policy.content_root
        assert endorsed.act.detail == keccak(encode(["bytes32", "uint16"], [to_bytes(root), 2]))
        assert assigned.act.detail == word(3)
        assert cancelled.act.detail == bytes(32)
        acts = [step.act for step in (issued, endorsed, assigned, cancelled)]
        assert cancelled.after.head == head_of(acts)

    def test_expires_with_chain_time_and_not_by_an_act(self) -> None:
        _, events = a_policy()
        policy = fold_policy(events)[-1].after.policy
        assert not policy.has_expired(policy.expires - 1)
        assert policy.has_expired(policy.expires)


INVOICE = an_invoice(happened.InvoiceDisputed, happened.InvoiceAccepted)[1]
POLICY = a_policy(happened.PolicyEndorsed, happened.PolicyAssigned)[1]


@pytest.mark.parametrize(
    ("fold", "events", "others"),
    [(fold_invoice, INVOICE, POLICY), (fold_policy, POLICY, INVOICE)],
    ids=["invoice", "policy"],
)
class TestBrokenHistories:
    def test_a_missing_event_is_noticed(
        self, fold: Fold, events: list[ChainEvent], others: list[ChainEvent]
    ) -> None:
        with pytest.raises(HistoryBroken, match="seq 3 where seq 2"):
            fold([events[0], events[2]])

    def test_nothing_comes_before_the_first_act(
        self, fold: Fold, events: list[ChainEvent], others: list[ChainEvent]
    ) -> None:
        with pytest.raises(HistoryBroken, match="before it began"):
            fold(events[1:])

    def test_nothing_begins_twice(
        self, fold: Fold, events: list[ChainEvent], others: list[ChainEvent]
    ) -> None:
        with pytest.raises(HistoryBroken, match="twice"):
            fold([events[0], events[0]])

    def test_an_event_of_another_kind_of_record_does_not_belong(
        self, fold: Fold, events: list[ChainEvent], others: list[ChainEvent]
    ) -> None:
        with pytest.raises(HistoryBroken, match="is no event of"):
            fold([events[0], others[1]])

    def test_an_event_of_another_record_does_not_belong(
        self, fold: Fold, events: list[ChainEvent], others: list[ChainEvent]
    ) -> None:
        event = events[1].event
        assert isinstance(event, InvoiceEvent | PolicyEvent)
        stray = replace(event, id=RecordId("0x" + "99" * 32))
        with pytest.raises(HistoryBroken, match="among those of"):
            fold([events[0], replace(events[1], event=stray)])
