"""What happened to titles on the chain: one frozen class per event of TitleRegistry."""

from __future__ import annotations

from dataclasses import dataclass

from tidan_node.domain.identifiers import (
    Address,
    ContentRoot,
    PartyIndex,
    Pledgee,
    SeriesId,
    TitleId,
)
from tidan_node.domain.titles import Issuance, Offered, TitleKind, TitleStatus


@dataclass(frozen=True, slots=True)
class _Stated:
    """A title begins, as its issuer states it."""

    id: TitleId
    issuer: PartyIndex
    series: SeriesId
    content_root: ContentRoot
    possessor: PartyIndex
    titleholder: PartyIndex
    kind: TitleKind
    schema: int
    version: int
    rulebook: int


@dataclass(frozen=True, slots=True)
class _ByParty:
    """An act of a party; `seq` is the title's after it."""

    id: TitleId
    seq: int
    by: PartyIndex


@dataclass(frozen=True, slots=True)
class _ByPledgee:
    """An act of a pledgee, or with one."""

    id: TitleId
    seq: int
    pledgee: Pledgee


@dataclass(frozen=True, slots=True)
class TitleIssued(_Stated):
    pass


@dataclass(frozen=True, slots=True)
class TitleIssuedFromPaper(_Stated):
    withdrawal: str


@dataclass(frozen=True, slots=True)
class SuccessorIssued(_Stated):
    """In place of its origins, which are voided in the same transaction."""

    origins: tuple[TitleId, ...]


@dataclass(frozen=True, slots=True)
class TitleImported:
    """Brought in by a gateway, and offered to the possessor that is named."""

    id: TitleId
    seq: int
    gateway: Address
    issuer: PartyIndex
    series: SeriesId
    content_root: ContentRoot
    possessor: PartyIndex
    titleholder: PartyIndex
    kind: TitleKind
    schema: int
    version: int
    rulebook: int
    transfer: str


@dataclass(frozen=True, slots=True)
class TitleOffered:
    id: TitleId
    seq: int
    sender: PartyIndex
    recipient: PartyIndex
    what: Offered
    deadline: int


@dataclass(frozen=True, slots=True)
class OfferWithdrawn(_ByParty):
    """An offer of the title, or of a pledge, is taken back."""


@dataclass(frozen=True, slots=True)
class TitleTransferred:
    """Control moved to `recipient`; possessor, titleholder and kind are those after the act."""

    id: TitleId
    seq: int
    recipient: PartyIndex
    possessor: PartyIndex
    titleholder: PartyIndex
    kind: TitleKind


@dataclass(frozen=True, slots=True)
class OfferDeclined(_ByParty):
    pass


@dataclass(frozen=True, slots=True)
class TitleEndorsed(_ByParty):
    """Titleholder and kind are those after the act."""

    titleholder: PartyIndex
    kind: TitleKind


@dataclass(frozen=True, slots=True)
class PledgeProposed(_ByParty):
    pledgee: Pledgee
    deadline: int


@dataclass(frozen=True, slots=True)
class TitlePledged(_ByPledgee):
    pass


@dataclass(frozen=True, slots=True)
class PledgeDeclined(_ByPledgee):
    pass


@dataclass(frozen=True, slots=True)
class TransferConsented(_ByPledgee):
    pass


@dataclass(frozen=True, slots=True)
class PledgeReleased(_ByPledgee):
    pass


@dataclass(frozen=True, slots=True)
class PledgeEnforced(_ByPledgee):
    """The pledgee offers the title, in place of whatever was offered before."""

    recipient: PartyIndex
    what: Offered
    deadline: int


@dataclass(frozen=True, slots=True)
class SurrenderRequested(_ByParty):
    """The reason is that of a surrender for amendment, and 0 of one for delivery."""

    pending: TitleStatus
    reason: int


@dataclass(frozen=True, slots=True)
class SurrenderCancelled(_ByParty):
    pass


@dataclass(frozen=True, slots=True)
class TitleSurrendered(_ByParty):
    pass


@dataclass(frozen=True, slots=True)
class SurrenderRejected(_ByParty):
    reason: int


@dataclass(frozen=True, slots=True)
class TitleAmended(_ByParty):
    successor: TitleId
    reason: int


@dataclass(frozen=True, slots=True)
class TitleSplit(_ByParty):
    successors: tuple[TitleId, ...]
    reason: int


@dataclass(frozen=True, slots=True)
class TitlesCombined(_ByParty):
    """Told once for each title that was combined."""

    successor: TitleId
    reason: int


@dataclass(frozen=True, slots=True)
class TitleSwitched(_ByParty):
    successor: TitleId
    reason: int


@dataclass(frozen=True, slots=True)
class TitleSwitchedToPaper(_ByParty):
    reason: int


@dataclass(frozen=True, slots=True)
class TitleEndedAsPaper(_ByParty):
    pass


@dataclass(frozen=True, slots=True)
class TitleLocked(_ByParty):
    gateway: Address
    transfer: str


@dataclass(frozen=True, slots=True)
class TitleExported:
    id: TitleId
    seq: int
    gateway: Address


@dataclass(frozen=True, slots=True)
class TitleReturned:
    id: TitleId
    seq: int
    gateway: Address


TitleBegun = TitleIssued | TitleIssuedFromPaper | SuccessorIssued
OfferEvent = TitleOffered | OfferWithdrawn | TitleTransferred | OfferDeclined | TitleEndorsed
PledgeEvent = (
    PledgeProposed
    | TitlePledged
    | PledgeDeclined
    | TransferConsented
    | PledgeReleased
    | PledgeEnforced
)
SurrenderEvent = SurrenderRequested | SurrenderCancelled | TitleSurrendered | SurrenderRejected
ReplacementEvent = TitleAmended | TitleSplit | TitlesCombined | TitleSwitched
PaperEvent = TitleSwitchedToPaper | TitleEndedAsPaper
GatewayEvent = TitleLocked | TitleExported | TitleReturned
TitleEvent = (
    TitleBegun
    | TitleImported
    | OfferEvent
    | PledgeEvent
    | SurrenderEvent
    | ReplacementEvent
    | PaperEvent
    | GatewayEvent
)


def issuance_of(event: TitleBegun | TitleImported) -> Issuance:
    """What was stated about the title when it came to be here."""
    return Issuance(
        title_id=event.id,
        series=event.series,
        content_root=event.content_root,
        possessor=event.possessor,
        titleholder=event.titleholder,
        kind=event.kind,
        schema=event.schema,
        version=event.version,
        rulebook=event.rulebook,
    )


def successors_of(event: ReplacementEvent) -> tuple[TitleId, ...]:
    """The titles that are in place of this one."""
    return event.successors if isinstance(event, TitleSplit) else (event.successor,)
