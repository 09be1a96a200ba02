"""A title that leaves for another chain or platform, and one that comes from there.

A gateway has what is locked with it, and never control: it can send it out or give it back, and
brings in nothing but an offer that its new possessor accepts or declines. What left comes back by
the same gateway; what was never here comes by one that its carrier has admitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from tidan_node.domain.gateway_problems import (
    ContentDiffers,
    GatewayNotAdmitted,
    GatewayUnknown,
    IssuerUnfit,
    NotTheGateway,
    TitleNotExported,
    TitleNotInTransit,
)
from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex, TitleId
from tidan_node.domain.parties import PartyStatus, Role, Standing
from tidan_node.domain.record_problems import EmptyValue
from tidan_node.domain.title_problems import SeriesDiffers
from tidan_node.domain.titles.issues import begun, require_holders, require_own_series
from tidan_node.domain.titles.terms import Issuance, Offer, Offered, TitleStatus
from tidan_node.domain.titles.title import Title

NO_DEADLINE: Final = 2**40 - 1


def lock(
    title: Title,
    gateway: Address,
    transfer: bytes,
    *,
    caller: Standing,
    recognised: bool,
    expected_seq: int,
    now: int,
) -> Title:
    """The possessor hands the title to a gateway that the Council recognises."""
    title.require_live(expected_seq)
    title.require_possessor(caller)
    caller.require_active("caller")
    title.require_free(now)
    require_crossing(gateway, transfer, recognised=recognised)
    return title._replace(
        seq=title.seq + 1,
        status=TitleStatus.IN_TRANSIT,
        offer=None,
        proposal=None,
        gateway=gateway,
    )


def export_title(title: Title, *, gateway: Address, expected_seq: int) -> Title:
    """The title lives elsewhere from now on. So does one that waits for the word of whom the
    gateway has brought it for, and who says none."""
    _require_held(title, gateway, expected_seq)
    return title._replace(seq=title.seq + 1, status=TitleStatus.EXPORTED, offer=None)


def return_title(title: Title, *, gateway: Address, expected_seq: int) -> Title:
    """It did not leave: it is as before it was locked. Also by a gateway that was dismissed."""
    _require_held(title, gateway, expected_seq)
    if title.offer is not None:
        raise NotTheGateway("the title waits for whom it was brought for", field="caller")
    return title._replace(seq=title.seq + 1, status=TitleStatus.LIVE, gateway=None)


class Gateways(Protocol):
    """Which gateways are recognised, and which of them each carrier has admitted."""

    def recognised(self, gateway: Address) -> bool: ...

    def admitted(self, carrier: PartyIndex, gateway: Address) -> bool: ...


@dataclass(frozen=True, slots=True)
class Arrival:
    """A title that a gateway brings in, and what is here already: the title of that id, whether it
    left with this document and rulebook, and the present title of the series."""

    issuance: Issuance
    transfer: bytes
    there: Title | None
    same_content: bool
    in_series: TitleId | None


def import_title(
    arrival: Arrival,
    *,
    gateway: Address,
    known: Gateways,
    issuer: Standing,
    possessor: Standing,
    titleholder: Standing | None,
) -> Title:
    """A title comes in, or comes back. Its possessor is asked, and has it once it accepts; until
    then nobody has."""
    require_crossing(gateway, arrival.transfer, recognised=known.recognised(gateway))
    if arrival.there is None:
        _require_issuer(issuer, gateway, known)
        require_own_series(free=arrival.in_series is None)
        before, made_out_to = 0, NO_PARTY
    else:
        _require_elsewhere(arrival, arrival.there, gateway, known)
        before, made_out_to = arrival.there.seq, arrival.there.titleholder
    issuance = arrival.issuance
    require_holders(issuance, possessor=possessor, titleholder=titleholder, known=made_out_to)
    return arrived(issuance, issuer.party, gateway, before + 1)


def arrived(issuance: Issuance, issuer: PartyIndex, gateway: Address, seq: int) -> Title:
    """The title as it waits for its possessor."""
    return begun(issuance, issuer)._replace(
        possessor=NO_PARTY,
        status=TitleStatus.IN_TRANSIT,
        seq=seq,
        offer=Offer(issuance.possessor, Offered.POSSESSION, NO_DEADLINE),
        gateway=gateway,
    )


def require_crossing(gateway: Address, transfer: bytes, *, recognised: bool) -> None:
    """A title leaves and arrives through a gateway that is recognised, under a name."""
    if not recognised:
        raise GatewayUnknown(f"{gateway} is no gateway that is recognised", field="gateway")
    if not any(transfer):
        raise EmptyValue("name the transfer", field="transfer")


def _require_issuer(issuer: Standing, gateway: Address, known: Gateways) -> None:
    """A title that was never here uses a number of its carrier up, which has a say in that."""
    fit = issuer.status in (PartyStatus.ACTIVE, PartyStatus.SUSPENDED)
    if not fit or Role.CARRIER not in issuer.roles:
        raise IssuerUnfit(f"{issuer.called} is no carrier that is a member", field="issuer")
    if not known.admitted(issuer.party, gateway):
        raise GatewayNotAdmitted(
            f"{issuer.called} has not admitted the gateway {gateway}", field="issuer"
        )


def _require_elsewhere(arrival: Arrival, there: Title, gateway: Address, known: Gateways) -> None:
    """It has left, comes back the way that it left, unless that is closed, and is the same."""
    if there.status is not TitleStatus.EXPORTED:
        raise TitleNotExported(f"the title is {there.status.name}", field="title")
    last = there.gateway
    if last is not None and last != gateway and known.recognised(last):
        raise NotTheGateway(f"the title left by the gateway {last}", field="caller")
    if arrival.in_series != arrival.issuance.title_id:
        raise SeriesDiffers("a title comes back in its series", field="series")
    if not arrival.same_content:
        raise ContentDiffers(
            "a title comes back with its document and rulebook", field="contentRoot"
        )


def _require_held(title: Title, gateway: Address, expected_seq: int) -> None:
    """Locked for the gateway, or brought in by it."""
    title.require_seq(expected_seq)
    if title.status is not TitleStatus.IN_TRANSIT:
        raise TitleNotInTransit(f"the title is {title.status.name}", field="title")
    if gateway != title.gateway:
        raise NotTheGateway(f"{gateway} does not have the title", field="caller")
