"""What a carrier may issue, and what stands on the chain then."""

from dataclasses import replace

import pytest

from chaincode_tests.consortium import REVOKED, SUSPENDED
from chaincode_tests.contract import Event
from chaincode_tests.trade import (
    BLANK,
    LIVE,
    NO_PARTY,
    ORDER,
    ORDER_FINAL,
    ROLE_OF_CARRIER,
    STRAIGHT,
    ZERO,
    Trade,
    digest,
    refused,
)

UNKNOWN_PARTY = 99


class TestIssue:
    @pytest.mark.parametrize("kind", [STRAIGHT, ORDER, ORDER_FINAL])
    def test_a_carrier_issues_a_live_title(self, trade: Trade, kind: int) -> None:
        world = trade.world
        issuance = trade.issuance(kind=kind, titleholder=world.buyer.index)

        outcome = trade.act(world.carrier, "issue", issuance.as_tuple())

        assert trade.title(issuance.id) == {
            "issuer": world.carrier.index,
            "possessor": world.shipper.index,
            "titleholder": world.buyer.index,
            "offeree": NO_PARTY,
            "seq": 1,
            "status": LIVE,
            "kind": kind,
            "pledged": False,
            "offered": 0,
            "deadline": 0,
            "schema": 1,
            "version": 7,
            "rulebook": 2,
        }
        assert outcome.event == Event(
            "TitleIssued",
            {
                "id": issuance.id,
                "issuer": world.carrier.index,
                "series": issuance.series,
                "contentRoot": issuance.content_root,
                "terms": issuance.terms,
            },
        )

    def test_the_content_root_and_the_series_are_kept(self, trade: Trade) -> None:
        issuance = trade.issuance()
        trade.issue(issuance)
        assert trade.world.titles.call("contentRootOf", issuance.id) == issuance.content_root
        assert trade.world.titles.call("titleOfSeries", issuance.series) == issuance.id

    def test_a_title_in_blank_has_no_titleholder(self, trade: Trade) -> None:
        title = trade.issue(trade.issuance(kind=BLANK))
        assert trade.title(title)["titleholder"] == NO_PARTY
        assert trade.title(title)["kind"] == BLANK

    def test_a_carrier_may_hold_its_own_title_at_first(self, trade: Trade) -> None:
        carrier = trade.world.carrier.index
        title = trade.issue(trade.issuance(possessor=carrier, titleholder=carrier))
        assert trade.title(title)["possessor"] == carrier

    def test_an_unknown_title_is_all_zero(self, trade: Trade) -> None:
        assert set(trade.title(digest("never issued")).values()) == {0}
        assert trade.world.titles.call("headOf", digest("never issued")) == ZERO


class TestWhoMayIssue:
    def test_a_stranger_may_not(self, trade: Trade) -> None:
        stranger = trade.world.stranger
        with refused("NotEnrolled", stranger):
            trade.world.titles.transact(stranger, "issue", trade.issuance().as_tuple())

    def test_a_party_that_is_no_carrier_may_not(self, trade: Trade) -> None:
        shipper = trade.world.shipper
        with refused("RoleMissing", shipper.index, ROLE_OF_CARRIER):
            trade.issue(by=shipper)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_a_carrier_that_is_not_active_may_not(self, trade: Trade, status: int) -> None:
        carrier = trade.world.carrier
        trade.world.set_status(carrier, status)
        with refused("PartyNotActive", carrier.index):
            trade.issue()

    def test_a_carrier_that_has_lost_the_role_may_not(self, trade: Trade) -> None:
        world = trade.world
        world.parties.transact(world.admin, "changeRoles", world.carrier.index, 2)
        with refused("RoleMissing", world.carrier.index, ROLE_OF_CARRIER):
            trade.issue()


class TestIds:
    def test_the_number_is_not_zero(self, trade: Trade) -> None:
        with refused("EmptyId"):
            trade.issue(replace(trade.issuance(), number=ZERO))

    def test_the_series_is_not_zero(self, trade: Trade) -> None:
        with refused("EmptySeries"):
            trade.issue(replace(trade.issuance(), series_number=ZERO))

    def test_the_content_root_is_not_zero(self, trade: Trade) -> None:
        with refused("EmptyContentRoot"):
            trade.issue(replace(trade.issuance(), content_root=ZERO))

    def test_a_number_is_issued_once_even_in_another_series(self, trade: Trade) -> None:
        title = trade.issue()
        with refused("AlreadyIssued", title):
            trade.issue(replace(trade.issuance(), series_number=digest("another series")))

    def test_a_carrier_that_copies_a_number_uses_up_none_but_its_own(self, trade: Trade) -> None:
        """Seen in a pending transaction, number and series are of no use to another carrier."""
        world, issuance = trade.world, trade.issuance()
        copied = trade.issue(by=world.other_carrier)
        assert trade.issue(issuance) == issuance.id != copied
        assert world.titles.call("titleOfSeries", issuance.series) == issuance.id

    def test_a_series_has_one_title(self, trade: Trade) -> None:
        title = trade.issue()
        issuance = replace(trade.issuance(), number=digest("another number"))
        with refused("SeriesAlreadyUsed", issuance.series, title):
            trade.issue(issuance)

    def test_a_series_stays_used_when_its_title_has_ended(self, trade: Trade) -> None:
        title = trade.delivered()
        issuance = replace(trade.issuance(), number=digest("another number"))
        with refused("SeriesAlreadyUsed", issuance.series, title):
            trade.issue(issuance)

    def test_an_ended_title_is_not_issued_again(self, trade: Trade) -> None:
        title = trade.delivered()
        with refused("AlreadyIssued", title):
            trade.issue()


class TestHolders:
    @pytest.mark.parametrize("possessor", [NO_PARTY, UNKNOWN_PARTY])
    def test_the_possessor_is_an_enrolled_party(self, trade: Trade, possessor: int) -> None:
        with refused("PartyNotActive", possessor):
            trade.issue(trade.issuance(possessor=possessor))

    def test_the_possessor_is_active(self, trade: Trade) -> None:
        trade.world.set_status(trade.world.shipper, SUSPENDED)
        with refused("PartyNotActive", trade.world.shipper.index):
            trade.issue()

    def test_the_titleholder_is_an_enrolled_party(self, trade: Trade) -> None:
        with refused("PartyNotActive", UNKNOWN_PARTY):
            trade.issue(trade.issuance(titleholder=UNKNOWN_PARTY))

    def test_the_titleholder_is_active(self, trade: Trade) -> None:
        buyer = trade.world.buyer
        trade.world.set_status(buyer, SUSPENDED)
        with refused("PartyNotActive", buyer.index):
            trade.issue(trade.issuance(titleholder=buyer.index))

    @pytest.mark.parametrize("kind", [STRAIGHT, ORDER, ORDER_FINAL])
    def test_every_kind_but_blank_names_a_titleholder(self, trade: Trade, kind: int) -> None:
        with refused("KindNeedsTitleholder", kind):
            trade.issue(trade.issuance(kind=kind, titleholder=NO_PARTY))

    def test_a_title_in_blank_names_none(self, trade: Trade) -> None:
        with refused("BlankHasNoTitleholder"):
            trade.issue(trade.issuance(kind=BLANK, titleholder=trade.world.shipper.index))

    def test_there_is_no_fifth_kind(self, trade: Trade) -> None:
        issuance = replace(trade.issuance(), kind=BLANK + 1)
        with refused("TermsMalformed", issuance.terms):
            trade.issue(issuance)

    def test_the_terms_have_no_field_that_nobody_knows(self, trade: Trade) -> None:
        issuance = trade.issuance()
        number, series, root, terms = issuance.as_tuple()
        stranger = terms | 1 << 112
        with refused("TermsMalformed", stranger):
            trade.act(trade.world.carrier, "issue", (number, series, root, stranger))


class TestNothingChangesOnRefusal:
    def test_a_refused_issue_leaves_no_trace(self, trade: Trade) -> None:
        issuance = trade.issuance(titleholder=UNKNOWN_PARTY)
        with refused("PartyNotActive", UNKNOWN_PARTY):
            trade.issue(issuance)
        assert trade.title(issuance.id)["seq"] == 0
        assert trade.world.titles.call("titleOfSeries", issuance.series) == ZERO
