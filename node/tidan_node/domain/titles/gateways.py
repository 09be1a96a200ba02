"""A title that leaves for another chain or platform, and one that comes from there.

A gateway has what is locked with it, and never control: it can send it out or give it back, and
brings in nothing but an offer that its new possessor accepts or declines.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex, TitleId
from tidan_node.domain.parties import PartyStatus, Role, Standing
from tidan_node.domain.record_problems import EmptyValue
from tidan_node.domain.title_problems import (
    ContentDiffers,
    GatewayUnknown,
    IssuerUnfit,
    NotTheGateway,
    SeriesDiffers,
    TitleNotExported,
    TitleNotInTransit,
)
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
    return replace(
        title,
        seq=title.seq + 1,
        status=TitleStatus.IN_TRANSIT,
        offer=None,
        proposal=None,
        gateway=gateway,
    )


def export_title(title: Title, *, gateway: Address, expected_seq: int) -> Title:
    """The title lives elsewhere from now on."""
    _require_locked(title, gateway, expected_seq)
    return replace(title, seq=title.seq + 1, status=TitleStatus.EXPORTED, gateway=None)


def return_title(title: Title, *, gateway: Address, expected_seq: int) -> Title:
    """It did not leave: it is as before it was locked. Also by a gateway that was dismissed."""
    _require_locked(title, gateway, expected_seq)
    return replace(title, seq=title.seq + 1, status=TitleStatus.LIVE, gateway=None)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A title that a gateway brings in, and what is here already: the title of that id with the
    content that it left with, and the present title of the series."""

    issuance: Issuance
    transfer: bytes
    there: Title | None
    same_content: bool
    in_series: TitleId | None


def import_title(
    arrival: Arrival,
    *,
    gateway: Address,
    recognised: bool,
    issuer: Standing,
    possessor: Standing,
    titleholder: Standing | None,
) -> Title:
    """A title comes in, or comes back. Its possessor is asked, and has it once it accepts; until
    then nobody has."""
    require_crossing(gateway, arrival.transfer, recognised=recognised)
    fit = issuer.status in (PartyStatus.ACTIVE, PartyStatus.SUSPENDED)
    if not fit or Role.CARRIER not in issuer.roles:
        raise IssuerUnfit(f"{issuer.called} is no carrier that is a member", field="issuer")
    before = _require_elsewhere(arrival)
    issuance = arrival.issuance
    require_holders(issuance, possessor=possessor, titleholder=titleholder)
    return arrived(issuance, issuer.party, before + 1)


def arrived(issuance: Issuance, issuer: PartyIndex, seq: int) -> Title:
    """The title as it waits for its possessor."""
    return replace(
        begun(issuance, issuer),
        possessor=NO_PARTY,
        status=TitleStatus.IN_TRANSIT,
        seq=seq,
        offer=Offer(issuance.possessor, Offered.POSSESSION, NO_DEADLINE),
    )


def require_crossing(gateway: Address, transfer: bytes, *, recognised: bool) -> None:
    """A title leaves and arrives through a gateway that is recognised, under a name."""
    if not recognised:
        raise GatewayUnknown(f"{gateway} is no gateway that is recognised", field="gateway")
    if not any(transfer):
        raise EmptyValue("name the transfer", field="transfer")


def _require_elsewhere(arrival: Arrival) -> int:
    """How many acts the title has seen here; it is a new one, or has left."""
    there, title_id = arrival.there, arrival.issuance.title_id
    if there is None:
        require_own_series(free=arrival.in_series is None)
        return 0
    if there.status is not TitleStatus.EXPORTED:
        raise TitleNotExported(f"the title is {there.status.name}", field="title")
    if arrival.in_series != title_id:
        raise SeriesDiffers("a title comes back in its series", field="series")
    if not arrival.same_content:
        raise ContentDiffers("a title comes back with its document", field="contentRoot")
    return there.seq


def _require_locked(title: Title, gateway: Address, expected_seq: int) -> None:
    title.require_seq(expected_seq)
    if title.status is not TitleStatus.IN_TRANSIT:
        raise TitleNotInTransit(f"the title is {title.status.name}", field="title")
    if gateway != title.gateway:
        raise NotTheGateway(f"{gateway} does not have the title", field="caller")
