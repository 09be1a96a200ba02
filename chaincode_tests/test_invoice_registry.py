"""What seller and buyer may say of an invoice, and in which order."""

from typing import Any

import pytest

from chaincode_tests.consortium import CARRIER, REVOKED, SUSPENDED, TRADER, Consortium, Party
from chaincode_tests.contract import Event, Outcome
from chaincode_tests.history import History, hashed, word
from chaincode_tests.trade import NO_PARTY, ZERO, digest, named, refused

NONE, REGISTERED, ACCEPTED, DISPUTED, SETTLED, CANCELLED = range(6)
REGISTER, ACCEPT, DISPUTE, SETTLE, CANCEL, LINK = range(1, 7)
SHIPPER = 3  # the third party that is enrolled
NUMBER, ROOT, TITLE = digest("invoice 1"), digest("content of invoice 1"), digest("title 1")
INVOICE = named(SHIPPER, NUMBER)
QUANTITY = 2
SCHEMA, VERSION = 2, 1

# every act after the registration: whose it is, and its arguments after id and seq
SELLERS_ACTS: dict[str, tuple[Any, ...]] = {"settle": (), "cancel": (), "link": (TITLE,)}
BUYERS_ACTS: dict[str, tuple[Any, ...]] = {"accept": (), "dispute": (QUANTITY,)}
ACTS = SELLERS_ACTS | BUYERS_ACTS


class Trade:
    """Acts on one invoice, which the shipper has sent to the buyer."""

    def __init__(self, world: Consortium) -> None:
        self.world = world
        self.seller, self.buyer = world.shipper, world.buyer

    def register(self, by: Party | None = None, **changes: object) -> Outcome:
        terms: dict[str, object] = {
            "number": NUMBER,
            "root": ROOT,
            "buyer": self.buyer.index,
            "schema": SCHEMA,
            "version": VERSION,
        } | changes
        return self.act(by or self.seller, "register", *terms.values())

    def act(self, party: Party, act: str, *arguments: Any) -> Outcome:  # of any ABI type
        return self.world.invoices.transact(party.account, act, *arguments)

    def brought_to(self, status: int) -> int:
        """Brings the invoice into a status; the seq that it has there."""
        self.register()
        path = {
            REGISTERED: [],
            ACCEPTED: ["accept"],
            DISPUTED: ["dispute"],
            SETTLED: ["accept", "settle"],
            CANCELLED: ["cancel"],
        }[status]
        for seq, act in enumerate(path, start=1):
            self.act(self.whose(act), act, INVOICE, seq, *ACTS[act])
        return len(path) + 1

    def whose(self, act: str) -> Party:
        return self.seller if act in SELLERS_ACTS else self.buyer

    @property
    def record(self) -> dict[str, int]:
        record: dict[str, int] = self.world.invoices.call("invoiceOf", INVOICE)
        return record


@pytest.fixture
def trade(world: Consortium) -> Trade:
    return Trade(world)


class TestRegister:
    def test_the_seller_registers_it(self, trade: Trade) -> None:
        outcome = trade.register()
        assert trade.record == {
            "seller": trade.seller.index,
            "buyer": trade.buyer.index,
            "seq": 1,
            "status": REGISTERED,
            "schema": SCHEMA,
            "version": VERSION,
        }
        assert trade.world.invoices.call("contentRootOf", INVOICE) == ROOT
        assert outcome.event == Event(
            "InvoiceRegistered",
            {
                "id": INVOICE,
                "seller": trade.seller.index,
                "buyer": trade.buyer.index,
                "contentRoot": ROOT,
                "schema": SCHEMA,
                "version": VERSION,
            },
        )

    def test_a_carrier_sends_invoices_too(self, trade: Trade) -> None:
        carrier = trade.world.carrier
        trade.register(by=carrier)
        record = trade.world.invoices.call("invoiceOf", named(carrier.index, NUMBER))
        assert record["seller"] == carrier.index

    def test_other_roles_do_not(self, trade: Trade) -> None:
        for party in (trade.world.bank, trade.world.insurer, trade.world.regulator):
            with refused("RoleMissing", party.index, TRADER | CARRIER):
                trade.register(by=party)

    def test_a_stranger_does_not(self, trade: Trade) -> None:
        stranger = trade.world.stranger
        with refused("NotEnrolled", stranger):
            trade.world.invoices.transact(
                stranger, "register", NUMBER, ROOT, trade.buyer.index, SCHEMA, VERSION
            )

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_the_seller_is_active(self, trade: Trade, status: int) -> None:
        trade.world.set_status(trade.seller, status)
        with refused("PartyNotActive", trade.seller.index):
            trade.register()

    @pytest.mark.parametrize("buyer", [NO_PARTY, 99])
    def test_the_buyer_is_enrolled(self, trade: Trade, buyer: int) -> None:
        with refused("PartyNotActive", buyer):
            trade.register(buyer=buyer)

    def test_the_buyer_is_active(self, trade: Trade) -> None:
        trade.world.set_status(trade.buyer, SUSPENDED)
        with refused("PartyNotActive", trade.buyer.index):
            trade.register()

    def test_the_buyer_is_not_the_seller(self, trade: Trade) -> None:
        with refused("BuyerIsTheSeller", INVOICE):
            trade.register(buyer=trade.seller.index)

    def test_it_has_a_number(self, trade: Trade) -> None:
        with refused("EmptyId"):
            trade.register(number=ZERO)

    def test_it_has_a_content(self, trade: Trade) -> None:
        with refused("EmptyContentRoot"):
            trade.register(root=ZERO)

    @pytest.mark.parametrize("status", [REGISTERED, SETTLED, CANCELLED])
    def test_it_is_registered_once(self, trade: Trade, status: int) -> None:
        trade.brought_to(status)
        with refused("AlreadyRegistered", INVOICE):
            trade.register()

    def test_nobody_uses_up_the_number_of_another(self, trade: Trade) -> None:
        copied = trade.register(by=trade.world.carrier)
        own = trade.register()
        assert own.event.fields["id"] == INVOICE != copied.event.fields["id"]


# where each act may start, and where it leads
TRANSITIONS = {
    ("accept", REGISTERED): ACCEPTED,
    ("accept", DISPUTED): ACCEPTED,
    ("dispute", REGISTERED): DISPUTED,
    ("settle", ACCEPTED): SETTLED,
    ("settle", DISPUTED): SETTLED,
    ("cancel", REGISTERED): CANCELLED,
    ("cancel", DISPUTED): CANCELLED,
    ("link", REGISTERED): REGISTERED,
    ("link", ACCEPTED): ACCEPTED,
    ("link", DISPUTED): DISPUTED,
}
STATUSES = (REGISTERED, ACCEPTED, DISPUTED, SETTLED, CANCELLED)


class TestTransitions:
    @pytest.mark.parametrize(("act", "start"), TRANSITIONS)
    def test_those_of_the_trade_are_possible(self, trade: Trade, act: str, start: int) -> None:
        seq = trade.brought_to(start)
        trade.act(trade.whose(act), act, INVOICE, seq, *ACTS[act])
        assert (trade.record["status"], trade.record["seq"]) == (
            TRANSITIONS[act, start],
            seq + 1,
        )

    @pytest.mark.parametrize(
        ("act", "start"),
        [(act, start) for act in ACTS for start in STATUSES if (act, start) not in TRANSITIONS],
    )
    def test_no_others_are(self, trade: Trade, act: str, start: int) -> None:
        seq = trade.brought_to(start)
        with refused("WrongStatus", INVOICE, start):
            trade.act(trade.whose(act), act, INVOICE, seq, *ACTS[act])


@pytest.mark.parametrize("act", ACTS)
class TestEveryAct:
    def start(self, act: str) -> int:
        return next(start for done, start in TRANSITIONS if done == act)

    def test_it_is_not_the_others(self, trade: Trade, act: str) -> None:
        seq = trade.brought_to(self.start(act))
        other = trade.buyer if act in SELLERS_ACTS else trade.seller
        refusal = "NotTheSeller" if act in SELLERS_ACTS else "NotTheBuyer"
        for party in (other, trade.world.bank):
            with refused(refusal, INVOICE, party.index):
                trade.act(party, act, INVOICE, seq, *ACTS[act])

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_it_takes_an_active_party(self, trade: Trade, act: str, status: int) -> None:
        seq = trade.brought_to(self.start(act))
        trade.world.set_status(trade.whose(act), status)
        with refused("PartyNotActive", trade.whose(act).index):
            trade.act(trade.whose(act), act, INVOICE, seq, *ACTS[act])

    def test_it_takes_a_party(self, trade: Trade, act: str) -> None:
        stranger = trade.world.stranger
        with refused("NotEnrolled", stranger):
            trade.world.invoices.transact(stranger, act, INVOICE, 1, *ACTS[act])

    def test_it_takes_an_invoice(self, trade: Trade, act: str) -> None:
        with refused("RecordUnknown", INVOICE):
            trade.act(trade.world.bank, act, INVOICE, 0, *ACTS[act])

    def test_it_takes_the_seq_of_now(self, trade: Trade, act: str) -> None:
        seq = trade.brought_to(self.start(act))
        for stale in (seq - 1, seq + 1):
            with refused("StaleSeq", INVOICE, stale, seq):
                trade.act(trade.world.bank, act, INVOICE, stale, *ACTS[act])


class TestLink:
    def test_it_names_a_title(self, trade: Trade) -> None:
        trade.register()
        with refused("EmptyId"):
            trade.act(trade.seller, "link", INVOICE, 1, ZERO)

    def test_an_invoice_may_have_several(self, trade: Trade) -> None:
        trade.register()
        trade.act(trade.seller, "link", INVOICE, 1, TITLE)
        outcome = trade.act(trade.seller, "link", INVOICE, 2, digest("title 2"))
        assert outcome.event.fields["title"] == digest("title 2")


class TestEventsAndHead:
    def test_each_act_has_its_event_and_is_in_the_head(self, trade: Trade) -> None:
        seller, buyer, head = trade.seller.index, trade.buyer.index, History()
        registered = trade.register()
        detail = hashed(
            ["bytes32", "bytes32", "uint32", "uint16", "uint16"],
            [INVOICE, ROOT, buyer, SCHEMA, VERSION],
        )
        head.extend(REGISTER, seller, registered.time, detail)
        story: list[tuple[str, int, str, bytes, dict[str, object]]] = [
            ("dispute", DISPUTE, "InvoiceDisputed", word(QUANTITY), {"reason": QUANTITY}),
            ("link", LINK, "InvoiceLinked", TITLE, {"title": TITLE}),
            ("accept", ACCEPT, "InvoiceAccepted", ZERO, {}),
            ("settle", SETTLE, "InvoiceSettled", ZERO, {}),
        ]
        for act, number, event, detail, more in story:
            party = trade.whose(act)
            outcome = trade.act(party, act, INVOICE, head.seq, *ACTS[act])
            expected = head.extend(number, party.index, outcome.time, detail)
            assert trade.world.invoices.call("headOf", INVOICE) == expected
            fields = {"id": INVOICE, "seq": head.seq, "by": party.index} | more
            assert outcome.event == Event(event, fields)

    def test_a_cancellation_too(self, trade: Trade) -> None:
        trade.register()
        before = trade.world.invoices.call("headOf", INVOICE)
        outcome = trade.act(trade.seller, "cancel", INVOICE, 1)
        head = History(head=before, seq=1)
        expected = head.extend(CANCEL, trade.seller.index, outcome.time)
        assert trade.world.invoices.call("headOf", INVOICE) == expected
        assert outcome.event == Event(
            "InvoiceCancelled", {"id": INVOICE, "seq": 2, "by": trade.seller.index}
        )
