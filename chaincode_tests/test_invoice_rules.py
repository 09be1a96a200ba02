"""The node's rules of an invoice and the contract's are the same, whatever parties try."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from chaincode_tests.consortium import Consortium
from chaincode_tests.trade import ZERO, digest
from chaincode_tests.two_answers import UNKNOWN, TwoAnswers
from tests.sampling import TIMES
from tidan_node.domain.history import InvoiceAct, hashed_detail, link_detail, word
from tidan_node.domain.identifiers import (
    ContentRoot,
    PartyIndex,
    TitleId,
    to_bytes,
    to_hex,
)
from tidan_node.domain.invoices import Invoice, InvoiceStatus, InvoiceTerms
from tidan_node.domain.parties import Standing
from tidan_node.domain.proofs.record_ids import record_id_of

ACTORS = ("carrier", "shipper", "buyer", "bank")
REASON = 255
SCHEMA, VERSION = 2, 1


@dataclass(frozen=True)
class PlainAct:
    """An act as the contract calls it: whose it is, and what the domain makes of it."""

    number: InvoiceAct
    call: tuple[str, *tuple[object, ...]]
    whose: Callable[[Invoice], PartyIndex]
    ruled: Callable[[Invoice, Standing, int], Invoice]
    detail: bytes = bytes(32)


def _buyer(invoice: Invoice) -> PartyIndex:
    return invoice.buyer


def _seller(invoice: Invoice) -> PartyIndex:
    return invoice.seller


def _link(title: bytes) -> PlainAct:
    name = TitleId(to_hex(title))
    return PlainAct(
        InvoiceAct.LINK,
        ("link", title),
        _seller,
        lambda invoice, caller, seq: invoice.link(name, caller=caller, expected_seq=seq),
        link_detail(name),
    )


ACCEPT = PlainAct(
    InvoiceAct.ACCEPT,
    ("accept",),
    _buyer,
    lambda invoice, caller, seq: invoice.accept(caller=caller, expected_seq=seq),
)
DISPUTE = PlainAct(
    InvoiceAct.DISPUTE,
    ("dispute", REASON),
    _buyer,
    lambda invoice, caller, seq: invoice.dispute(caller=caller, expected_seq=seq),
    word(REASON),
)
SETTLE = PlainAct(
    InvoiceAct.SETTLE,
    ("settle",),
    _seller,
    lambda invoice, caller, seq: invoice.settle(caller=caller, expected_seq=seq),
)
CANCEL = PlainAct(
    InvoiceAct.CANCEL,
    ("cancel",),
    _seller,
    lambda invoice, caller, seq: invoice.cancel(caller=caller, expected_seq=seq),
)
LINK = _link(digest("a title"))
LINK_TO_NOTHING = _link(ZERO)

ANY = (ACCEPT, DISPUTE, SETTLE, CANCEL, LINK, LINK_TO_NOTHING)
POSSIBLE = {
    InvoiceStatus.REGISTERED: (DISPUTE, LINK, ACCEPT, DISPUTE, CANCEL, LINK_TO_NOTHING),
    InvoiceStatus.DISPUTED: (ACCEPT, LINK, SETTLE, CANCEL),
    InvoiceStatus.ACCEPTED: (LINK, SETTLE),
}


@dataclass(frozen=True)
class Attempt:
    """One act: possible, or at least by whose it is and at the right seq, or anyhow."""

    aim: str
    invoice: int
    turn: int
    actor: str
    stale: int


# acts at random are rarely possible, and only those that are possible lead on to others
attempts = st.builds(
    Attempt,
    aim=st.sampled_from(("possible", "its own", "possible", "its own", "anyhow")),
    invoice=st.integers(0, 3),
    turn=st.integers(0, 29),
    actor=st.sampled_from(ACTORS),
    stale=st.sampled_from((0, 0, 0, -1, 1)),
)
actors = st.sampled_from(ACTORS)


class InvoicesUnderTwoRules(RuleBasedStateMachine):
    """Every act goes to the domain and to the chain, and both answer the same."""

    def __init__(self, world: Consortium) -> None:
        super().__init__()
        self.world = world
        self.snapshot = world.chain.snapshot()
        self.two: TwoAnswers[Invoice] = TwoAnswers(world, world.invoices)

    def teardown(self) -> None:
        self.world.chain.revert_to(self.snapshot)

    @initialize()
    def begin_with_two_invoices(self) -> None:
        self.register(actor="shipper", name="first", buyer="buyer")
        self.register(actor="carrier", name="second", buyer="bank")

    @rule(
        actor=actors,
        name=st.sampled_from(("first", "third", "fourth")),
        buyer=st.sampled_from((*ACTORS, UNKNOWN)),
    )
    def register(self, *, actor: str, name: str, buyer: str) -> None:
        number, root = digest(name), digest(f"{name} content")
        record_id = record_id_of(self.two.index(actor), to_hex(number))
        terms = InvoiceTerms(record_id, ContentRoot(to_hex(root)), SCHEMA, VERSION)
        stated = (root, self.two.index(buyer), SCHEMA, VERSION)
        types = ["bytes32", "bytes32", "uint32", "uint16", "uint16"]
        told = (InvoiceAct.REGISTER, hashed_detail(types, [to_bytes(record_id), *stated]))
        self.two.both(
            terms.invoice_id,
            actor,
            ruled=lambda _: Invoice.register(
                terms,
                seller=self.two.standing(actor),
                buyer=self.two.standing(buyer),
                taken=terms.invoice_id in self.two.records,
            ),
            call=("register", number, *stated),
            told=lambda _: told,
        )

    @rule(several=st.lists(attempts, min_size=1, max_size=8))
    def act(self, several: list[Attempt]) -> None:
        for attempt in several:
            invoices = list(self.two.records.values())
            self.try_out(invoices[attempt.invoice % len(invoices)], attempt)

    @rule(actor=actors)
    def suspend_one_or_end_its_suspension(self, actor: str) -> None:
        self.two.suspend_or_restore(actor, ACTORS)

    @invariant()
    def domain_and_chain_are_alike(self) -> None:
        for invoice_id, invoice in self.two.records.items():
            assert self.world.invoices.call("invoiceOf", to_bytes(invoice_id)) == {
                "seller": invoice.seller,
                "buyer": invoice.buyer,
                "seq": invoice.seq,
                "status": invoice.status,
                "schema": SCHEMA,
                "version": VERSION,
            }
            root = self.world.invoices.call("contentRootOf", to_bytes(invoice_id))
            assert to_hex(root) == invoice.content_root
            self.two.assert_same_head(invoice_id)

    def try_out(self, invoice: Invoice, attempt: Attempt) -> None:
        acts = POSSIBLE.get(invoice.status, ANY) if attempt.aim == "possible" else ANY
        act = acts[attempt.turn % len(acts)]
        named = {self.two.index(actor): actor for actor in ACTORS}
        anyhow = attempt.aim == "anyhow"
        actor = attempt.actor if anyhow else named[act.whose(invoice)]
        seq = invoice.seq + attempt.stale if anyhow else invoice.seq
        function, *terms = act.call
        self.two.both(
            invoice.invoice_id,
            actor,
            ruled=lambda _: act.ruled(invoice, self.two.standing(actor), seq),
            call=(function, to_bytes(invoice.invoice_id), seq, *terms),
            told=lambda _: (act.number, act.detail),
        )


def test_domain_and_contract_answer_every_act_alike(world: Consortium) -> None:
    class InThisWorld(InvoicesUnderTwoRules):
        def __init__(self) -> None:
            super().__init__(world)

    run_state_machine_as_test(
        InThisWorld,
        settings=settings(
            max_examples=30 * TIMES,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
