"""Sent away, and brought in: a gateway has what is locked for it, and never control."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.domain.cast import (
    BUYER,
    CARRIER,
    LATER,
    NOW,
    OTHER_CARRIER,
    SHIPPER,
    STRANGER,
    account_of,
    issuance,
    issued,
    offered,
    revoked,
    suspended,
)
from tidan_node.domain.gateway_problems import (
    ContentDiffers,
    GatewayNotAdmitted,
    GatewayUnknown,
    IssuerUnfit,
    NotTheGateway,
    TitleNotExported,
    TitleNotInTransit,
)
from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex
from tidan_node.domain.parties import PartyNotActive, Role
from tidan_node.domain.record_problems import EmptyValue
from tidan_node.domain.title_problems import OfferAlreadyOpen, SeriesDiffers
from tidan_node.domain.titles import (
    Title,
    TitleStatus,
    gateways,
    transfers,
)
from tidan_node.domain.titles.gateways import Arrival

GATEWAY, TRANSFER = account_of(STRANGER), b"\x01" * 32


class TestLeaving:
    def locked(self, title: Title | None = None, **more: Any) -> Title:
        title = title or issued()
        asked = {"caller": SHIPPER, "recognised": True, "now": NOW} | more
        return gateways.lock(title, GATEWAY, TRANSFER, expected_seq=title.seq, **asked)

    def test_a_gateway_never_possesses(self) -> None:
        title = self.locked()
        assert (title.status, title.possessor) == (TitleStatus.IN_TRANSIT, SHIPPER.party)

    def test_it_sends_it_out_or_gives_it_back_as_it_was(self) -> None:
        title = self.locked()
        out = gateways.export_title(title, gateway=GATEWAY, expected_seq=2)
        back = gateways.return_title(title, gateway=GATEWAY, expected_seq=2)
        assert (out.status, out.gateway) == (TitleStatus.EXPORTED, GATEWAY)
        assert back == issued()._replace(seq=3)

    def test_no_other_account_does(self) -> None:
        with pytest.raises(NotTheGateway):
            gateways.return_title(self.locked(), gateway=account_of(BUYER), expected_seq=2)
        with pytest.raises(TitleNotInTransit):
            gateways.export_title(issued(), gateway=GATEWAY, expected_seq=1)

    def test_only_through_a_recognised_gateway_of_a_free_title(self) -> None:
        with pytest.raises(GatewayUnknown):
            self.locked(recognised=False)
        with pytest.raises(OfferAlreadyOpen):
            self.locked(offered(issued()))
        with pytest.raises(PartyNotActive):
            self.locked(caller=suspended(SHIPPER))


@dataclass(frozen=True)
class Known:
    """The registers of gateways as they stand in a test."""

    gateways: frozenset[Address] = frozenset({GATEWAY})
    admissions: frozenset[PartyIndex] = frozenset({CARRIER.party})

    def recognised(self, gateway: Address) -> bool:
        return gateway in self.gateways

    def admitted(self, carrier: PartyIndex, gateway: Address) -> bool:
        return carrier in self.admissions


class TestArriving:
    def arrived(self, there: Title | None = None, **more: Any) -> Title:
        stated = issuance()
        known = {
            "transfer": TRANSFER,
            "there": there,
            "same_content": True,
            "in_series": None if there is None else stated.title_id,
        }
        asked = {"known": Known(), "issuer": CARRIER}
        known |= {name: more[name] for name in more if name in known}
        asked |= {name: more[name] for name in more if name in asked}
        return gateways.import_title(
            Arrival(issuance=stated, **known),
            gateway=GATEWAY,
            possessor=SHIPPER,
            titleholder=SHIPPER,
            **asked,
        )

    def test_nobody_has_it_until_its_possessor_accepts(self) -> None:
        title = self.arrived()
        assert (title.status, title.possessor) == (TitleStatus.IN_TRANSIT, NO_PARTY)
        after = transfers.accept(title, caller=SHIPPER, expected_seq=1, now=LATER)
        assert (after.status, after.possessor) == (TitleStatus.LIVE, SHIPPER.party)
        assert (title.gateway, after.gateway) == (GATEWAY, None)

    def test_declined_it_is_elsewhere_again(self) -> None:
        after = transfers.decline(self.arrived(), caller=SHIPPER, expected_seq=1)
        assert (after.status, after.offer) == (TitleStatus.EXPORTED, None)
        assert after.gateway == GATEWAY

    def test_its_gateway_takes_it_away_again_and_gives_it_to_nobody(self) -> None:
        after = gateways.export_title(self.arrived(), gateway=GATEWAY, expected_seq=1)
        assert (after.status, after.offer) == (TitleStatus.EXPORTED, None)
        with pytest.raises(NotTheGateway):
            gateways.return_title(self.arrived(), gateway=GATEWAY, expected_seq=1)
        with pytest.raises(NotTheGateway):
            gateways.export_title(self.arrived(), gateway=account_of(BUYER), expected_seq=1)

    def away(self, gateway: Address = GATEWAY) -> Title:
        return issued()._replace(status=TitleStatus.EXPORTED, seq=5, gateway=gateway)

    def test_one_that_comes_back_goes_on_where_it_was(self) -> None:
        assert self.arrived(self.away()).seq == 6

    def test_it_comes_back_by_the_gateway_that_it_left_by(self) -> None:
        other = account_of(BUYER)
        with pytest.raises(NotTheGateway):
            self.arrived(self.away(other), known=Known(frozenset({GATEWAY, other})))
        assert self.arrived(self.away(other)).gateway == GATEWAY  # the other is dismissed

    def test_it_comes_back_whatever_became_of_its_carrier(self) -> None:
        for issuer in (revoked(CARRIER), replace(CARRIER, roles=Role.TRADER)):
            known = Known(admissions=frozenset())
            assert self.arrived(self.away(), issuer=issuer, known=known).seq == 6

    def test_it_is_the_same_title(self) -> None:
        there = self.away()
        with pytest.raises(SeriesDiffers):
            self.arrived(there, in_series=None)
        with pytest.raises(ContentDiffers):
            self.arrived(there, same_content=False)
        with pytest.raises(TitleNotExported):
            self.arrived(issued())

    def test_its_carrier_has_admitted_the_gateway(self) -> None:
        with pytest.raises(GatewayNotAdmitted):
            self.arrived(known=Known(admissions=frozenset({OTHER_CARRIER.party})))

    def test_of_a_carrier_that_is_a_member_through_a_recognised_gateway(self) -> None:
        with pytest.raises(IssuerUnfit):
            self.arrived(issuer=revoked(CARRIER))
        with pytest.raises(IssuerUnfit):
            self.arrived(issuer=BUYER)
        with pytest.raises(GatewayUnknown):
            self.arrived(known=Known(frozenset()))
        with pytest.raises(EmptyValue):
            self.arrived(transfer=bytes(32))
