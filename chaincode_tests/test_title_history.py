"""The head of a title commits to every act on it: who, what, when, in which order."""

from chaincode_tests.history import History, hashed, word
from chaincode_tests.trade import BOTH, ORDER, POSSESSION, TITLE, Issuance, Trade

ISSUE, OFFER, WITHDRAW, ACCEPT, DECLINE, SURRENDER, ACCEPT_SURRENDER, REJECT_SURRENDER = range(1, 9)
BEGUN = ["bytes32", "bytes32", "bytes32", "uint256"]
NOT_ARRIVED = 3


def issue_detail(issuance: Issuance) -> bytes:
    return hashed(BEGUN, [issuance.id, issuance.series, issuance.content_root, issuance.terms])


def offer_detail(recipient: int, what: int, deadline: int) -> bytes:
    return word(recipient | what << 32 | deadline << 40)


def transfer_detail(possessor: int, titleholder: int, kind: int = ORDER) -> bytes:
    return word(possessor | titleholder << 32 | kind << 64)


class TestHead:
    def test_it_can_be_worked_out_after_every_act(self, trade: Trade) -> None:
        world, titles, history = trade.world, trade.world.titles, History()
        carrier, shipper, buyer = world.carrier, world.shipper, world.buyer
        issuance = trade.issuance()
        title, deadline = issuance.id, trade.in_an_hour()

        issued = trade.act(carrier, "issue", issuance.as_tuple())
        expected = history.extend(ISSUE, carrier.index, issued.time, issue_detail(issuance))
        assert titles.call("headOf", title) == expected

        for what in (TITLE, BOTH):
            offered = trade.offer(title, history.seq, shipper, buyer, what=what, deadline=deadline)
            detail = offer_detail(buyer.index, what, deadline)
            expected = history.extend(OFFER, shipper.index, offered.time, detail)
            assert titles.call("headOf", title) == expected

            if what == TITLE:
                withdrawn = trade.act(shipper, "withdraw", title, history.seq)
                expected = history.extend(WITHDRAW, shipper.index, withdrawn.time)
                assert titles.call("headOf", title) == expected

        accepted = trade.act(buyer, "accept", title, history.seq)
        detail = transfer_detail(buyer.index, buyer.index)
        expected = history.extend(ACCEPT, buyer.index, accepted.time, detail)
        assert titles.call("headOf", title) == expected

        offered = trade.offer(title, history.seq, buyer, shipper, deadline=deadline)
        detail = offer_detail(shipper.index, BOTH, deadline)
        expected = history.extend(OFFER, buyer.index, offered.time, detail)
        declined = trade.act(shipper, "decline", title, history.seq)
        expected = history.extend(DECLINE, shipper.index, declined.time)
        assert titles.call("headOf", title) == expected

        requested = trade.act(buyer, "surrenderForDelivery", title, history.seq)
        expected = history.extend(SURRENDER, buyer.index, requested.time)
        assert titles.call("headOf", title) == expected

        rejected = trade.act(carrier, "rejectSurrender", title, history.seq, NOT_ARRIVED)
        detail = word(NOT_ARRIVED)
        expected = history.extend(REJECT_SURRENDER, carrier.index, rejected.time, detail)
        assert titles.call("headOf", title) == expected

        requested = trade.act(buyer, "surrenderForDelivery", title, history.seq)
        history.extend(SURRENDER, buyer.index, requested.time)
        taken_in = trade.act(carrier, "acceptSurrender", title, history.seq)
        expected = history.extend(ACCEPT_SURRENDER, carrier.index, taken_in.time)
        assert titles.call("headOf", title) == expected
        assert trade.title(title)["seq"] == history.seq

    def test_a_transfer_of_possession_alone_names_both_holders(self, trade: Trade) -> None:
        world, history = trade.world, History()
        deadline = trade.in_an_hour()
        issuance = trade.issuance()
        issued = trade.act(world.carrier, "issue", issuance.as_tuple())
        history.extend(ISSUE, world.carrier.index, issued.time, issue_detail(issuance))
        offered = trade.offer(
            issuance.id, 1, world.shipper, world.bank, what=POSSESSION, deadline=deadline
        )
        detail = offer_detail(world.bank.index, POSSESSION, deadline)
        history.extend(OFFER, world.shipper.index, offered.time, detail)

        accepted = trade.act(world.bank, "accept", issuance.id, 2)

        detail = transfer_detail(world.bank.index, world.shipper.index)
        expected = history.extend(ACCEPT, world.bank.index, accepted.time, detail)
        assert world.titles.call("headOf", issuance.id) == expected

    def test_the_same_acts_at_another_time_give_another_head(self, trade: Trade) -> None:
        chain, snapshot = trade.world.chain, trade.world.chain.snapshot()
        title = trade.issue()
        first = trade.world.titles.call("headOf", title)
        chain.revert_to(snapshot)
        chain.next_block_at(chain.now + 60)
        trade.issue()
        assert trade.world.titles.call("headOf", title) != first
