"""Checkpoints of trails: each party its own, each ahead of the last."""

import pytest

from chaincode_tests.consortium import REVOKED, SUSPENDED, Consortium
from chaincode_tests.contract import Event
from chaincode_tests.trade import ZERO, digest, refused

FIRST, SECOND = digest("checkpoint 1"), digest("checkpoint 2")


class TestAnchor:
    def test_the_last_checkpoint_is_kept_and_all_are_events(self, world: Consortium) -> None:
        bank = world.bank
        first = world.anchors.transact(bank.account, "anchor", 10, FIRST)
        second = world.anchors.transact(bank.account, "anchor", 25, SECOND)
        assert world.anchors.call("anchorOf", bank.index) == (25, SECOND)
        assert [outcome.event for outcome in (first, second)] == [
            Event(
                "TrailAnchored",
                {"party": bank.index, "upTo": 10, "checkpoint": FIRST, "previousUpTo": 0},
            ),
            Event(
                "TrailAnchored",
                {"party": bank.index, "upTo": 25, "checkpoint": SECOND, "previousUpTo": 10},
            ),
        ]

    def test_every_party_has_its_own(self, world: Consortium) -> None:
        world.anchors.transact(world.bank.account, "anchor", 10, FIRST)
        world.anchors.transact(world.carrier.account, "anchor", 3, SECOND)
        assert world.anchors.call("anchorOf", world.bank.index) == (10, FIRST)
        assert world.anchors.call("anchorOf", world.carrier.index) == (3, SECOND)
        assert world.anchors.call("anchorOf", world.buyer.index) == (0, ZERO)

    @pytest.mark.parametrize("up_to", [0, 9, 10])
    def test_it_goes_ahead(self, world: Consortium, up_to: int) -> None:
        bank = world.bank
        world.anchors.transact(bank.account, "anchor", 10, FIRST)
        with refused("AnchorNotAhead", bank.index, up_to, 10):
            world.anchors.transact(bank.account, "anchor", up_to, SECOND)

    def test_a_trail_without_entries_has_nothing_to_anchor(self, world: Consortium) -> None:
        with refused("AnchorNotAhead", world.bank.index, 0, 0):
            world.anchors.transact(world.bank.account, "anchor", 0, FIRST)

    def test_a_stranger_has_no_trail(self, world: Consortium) -> None:
        with refused("NotEnrolled", world.stranger):
            world.anchors.transact(world.stranger, "anchor", 10, FIRST)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_it_takes_an_active_party(self, world: Consortium, status: int) -> None:
        world.set_status(world.bank, status)
        with refused("PartyNotActive", world.bank.index):
            world.anchors.transact(world.bank.account, "anchor", 10, FIRST)
