"""Acts that parties try: mostly possible ones by whose they are, some of them awry, some anyhow.

Acts at random are rarely possible, and only those that are possible lead on to others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from tests.title_book.arguments import Arguments
from tests.title_book.book import Call, TitleBook
from tests.title_book.calls import RULES
from tests.title_book.dice import Dice
from tests.title_book.members import DAY
from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex
from tidan_node.domain.parties import PartyStatus, Role, Standing
from tidan_node.domain.reasons import AmendmentReason
from tidan_node.domain.titles import Title, TitleKind, TitleStatus

HOUR: Final = 3600
_AT_A_TIME: Final = 8
"""So many titles are in play; older ones are tried now and then."""

_FARTHEST: Final = 10 * DAY
"""What arrives waits for ever."""

_BEGINNINGS: Final = ("issue", "issue", "issue", "issueBatch", "issueFromPaper", "importTitle")
_ENDED: Final = (TitleStatus.DELIVERED, TitleStatus.VOIDED, TitleStatus.PAPER)
_OF_GATEWAYS: Final = ("exportTitle", "returnTitle", "importTitle")
_OF_PLEDGEES: Final = (
    "acceptPledge",
    "declinePledge",
    "consent",
    "releasePledge",
    "enforcePledge",
)
_OF_CARRIERS: Final = (
    "acceptSurrender",
    "rejectSurrender",
    "amend",
    "split",
    "combine",
    "switchBill",
    "switchToPaper",
)


def _often(**weights: int) -> tuple[str, ...]:
    return tuple(name for name, weight in weights.items() for _ in range(weight))


_TO_ORDER: Final = _often(
    offer=4,
    endorse=2,
    proposePledge=6,
    surrenderForAmendment=3,
    surrenderForDelivery=1,
    lock=1,
)
_FINAL: Final = _often(
    offer=3, surrenderForAmendment=4, surrenderForDelivery=2, lock=1, endorse=1, proposePledge=1
)
_HELD: Final = _often(offer=6, lock=2, surrenderForAmendment=2, surrenderForDelivery=1)
_LATE: Final = _often(accept=1, acceptPledge=1, consent=1, decline=1, withdraw=1)
_NEGOTIABLE: Final = (TitleKind.ORDER, TitleKind.BLANK)
_PLEDGED: Final = _often(
    offer=8, enforcePledge=3, releasePledge=1, surrenderForDelivery=1, endorse=1, lock=1
)
_PROPOSED: Final = _often(acceptPledge=5, declinePledge=1, withdraw=1)
_OFFERED: Final = _often(accept=5, decline=1, withdraw=1)
_NEEDS_CONSENT: Final = _often(consent=5, accept=1, decline=1, enforcePledge=1, withdraw=1)
_CONSENTED: Final = _often(accept=5, consent=1, releasePledge=1, enforcePledge=1)
_ENFORCED: Final = _often(accept=4, decline=1, withdraw=1, enforcePledge=1, releasePledge=1)
_FOR_DELIVERY: Final = _often(rejectSurrender=3, cancelSurrender=2, acceptSurrender=2)
_FOR_AMENDMENT: Final = _often(
    amend=4, split=2, combine=4, switchBill=2, switchToPaper=1, rejectSurrender=1, cancelSurrender=1
)
_ALONE: Final = _often(
    amend=4, split=3, switchBill=2, switchToPaper=1, rejectSurrender=2, cancelSurrender=2, combine=1
)
_ASKED: Final = {
    AmendmentReason.CORRECTION: ("amend",),
    AmendmentReason.CHANGE_OF_DESTINATION: ("amend",),
    AmendmentReason.SPLIT: ("split",),
    AmendmentReason.COMBINATION: ("combine",),
    AmendmentReason.SWITCH: ("switchBill",),
    AmendmentReason.TO_PAPER: ("switchToPaper",),
}
_ARRIVING: Final = _often(accept=6, decline=2, exportTitle=2, returnTitle=1)
_LOCKED: Final = _often(returnTitle=1, exportTitle=1)


@dataclass(frozen=True)
class Attempt:
    """A call through an account, so many seconds after the block before."""

    call: Call
    account: Address
    wait: int


class Chance:
    """Makes attempts on the titles of a book. `outsiders` are accounts of no party."""

    def __init__(self, book: TitleBook, outsiders: tuple[Address, ...]) -> None:
        self._book = book
        self._members = book.members
        self._outsiders = outsiders
        self._arguments = Arguments(book, outsiders)

    def attempt(self, number: int, now: int) -> Attempt:
        """What the number stands for as things stand at this time."""
        dice = Dice(number)
        mode = dice.roll(12)
        title = self._title(dice)
        wait = self._wait(title, dice, now)
        if mode == 0:
            function = dice.one_of(tuple(RULES))
        elif title is None or dice.rarely(7):
            function = dice.one_of(_BEGINNINGS)
        else:
            function = dice.one_of(self._possible(title, now + wait))
        account = self._whose(function, title, dice)
        arguments = self._arguments.of(function, title, self._party(account), dice, now + wait)
        attempt = Attempt(Call(function, arguments), account, wait)
        return self._awry(attempt, dice) if mode == 1 else attempt

    def _awry(self, attempt: Attempt, dice: Dice) -> Attempt:
        """By somebody else, or of somebody who has seen another state."""
        arguments = attempt.call.arguments
        on_a_title = len(arguments) > 1 and isinstance(arguments[1], int)
        if on_a_title and dice.roll(2) and attempt.call.function != "importTitle":
            stale = max(0, arguments[1] + dice.one_of((-1, 1)))
            changed: tuple[Any, ...] = (arguments[0], stale, *arguments[2:])
            return replace(attempt, call=replace(attempt.call, arguments=changed))
        return replace(attempt, account=self._anybody(dice))

    def _possible(self, title: Title, now: int) -> tuple[str, ...]:
        """Functions that may be possible, the likelier the more often."""
        carrier = self._members.standing(title.issuer)
        answering = self._members.named(carrier.successor) or carrier
        abandoned = PartyStatus.REVOKED is carrier.status is answering.status
        waiting = title.has_open_offer(now)
        of_status = {
            TitleStatus.LIVE: _of_open(title) if waiting else _of_idle(title),
            TitleStatus.PENDING_DELIVERY: _FOR_DELIVERY,
            TitleStatus.PENDING_AMENDMENT: self._answers(title),
            TitleStatus.IN_TRANSIT: _ARRIVING if title.offer else _LOCKED,
            TitleStatus.EXPORTED: ("importTitle",),
            TitleStatus.PAPER: ("issueFromPaper",),
        }
        last = ("endAsPaper",) * 3 if abandoned else ()
        if title.pledgee is not None and _is_inactive(self._members.standing(pledgee_of(title))):
            last += _OF_PLEDGEES
        return of_status.get(title.status, tuple(RULES)) + last

    def _answers(self, title: Title) -> tuple[str, ...]:
        any_of_them = _FOR_AMENDMENT if self._alike(title) else _ALONE
        return any_of_them + _ASKED.get(title.surrendered_for or 0, ()) * len(any_of_them)

    def _alike(self, title: Title) -> bool:
        return any(
            kept.title.status is TitleStatus.PENDING_AMENDMENT
            and kept.title.title_id != title.title_id
            and kept.title.possessor == title.possessor
            for kept in self._book.kept.values()
        )

    def _title(self, dice: Dice) -> Title | None:
        titles = [kept.title for kept in self._book.kept.values()]
        if not titles:
            return None
        if dice.rarely(12):
            return dice.one_of(titles)
        in_play = [title for title in titles if title.status not in _ENDED]
        if dice.rarely(4):
            in_play = self._troubled(in_play) or in_play
        return dice.one_of(in_play[-_AT_A_TIME:] or titles)

    def _troubled(self, titles: list[Title]) -> list[Title]:
        """Those with a party that is suspended or revoked: rules ask most of them."""
        inactive = {each.party for each in self._members.first(_is_inactive)}
        return [title for title in titles if inactive & set(_parties_of(title))]

    def _whose(self, function: str, title: Title | None, dice: Dice) -> Address:
        if function in _OF_GATEWAYS:
            known = sorted(self._members.gateways) or list(self._outsiders)
            own = None if title is None else title.gateway
            return dice.one_of(known) if own is None or dice.rarely(5) else own
        if title is None or function in ("issue", "issueBatch", "issueFromPaper"):
            carriers = self._members.first(lambda each: Role.CARRIER in each.roles)
            active = [each for each in carriers if each.status is PartyStatus.ACTIVE]
            return self._account(dice.one_of(active or carriers).party, dice)
        if function in _OF_PLEDGEES:
            return self._account(self._answering(pledgee_of(title)), dice)
        if function in ("accept", "decline"):
            offeree = NO_PARTY if title.offer is None else title.offer.recipient
            return self._account(offeree, dice)
        if function in _OF_CARRIERS:
            return self._account(self._answering(title.issuer), dice)
        return self._account(title.possessor, dice)

    def _answering(self, party: PartyIndex) -> PartyIndex:
        return self._members.standing(party).successor or party

    def _account(self, party: PartyIndex, dice: Dice) -> Address:
        return self._members.account_of(party) or self._anybody(dice)

    def _anybody(self, dice: Dice) -> Address:
        return dice.one_of((*self._members.accounts, *self._outsiders))

    def _party(self, account: Address) -> PartyIndex:
        return self._members.party_of(account)

    def _wait(self, title: Title | None, dice: Dice, now: int) -> int:
        """Mostly a moment; now and then up to where something about the title ends or begins, or to
        the second before."""
        possible_from = [] if title is None else self._paper_possible_from(title)
        # nothing else waits for days
        long = DAY // 2 if any(now < each for each in possible_from) else HOUR - 1
        wait = dice.one_of((1, 1, 1, 1, 1, 1, 1, 60, HOUR, 2 * HOUR, long))
        waiting = None if title is None else title.offer or title.proposal
        aims = possible_from if waiting is None else [waiting.deadline, *possible_from]
        if not aims or not dice.rarely(6):
            return wait
        to_aim = dice.one_of(aims) - dice.roll(2) - now
        return to_aim if 0 < to_aim < _FARTHEST else wait

    def _paper_possible_from(self, title: Title) -> list[int]:
        """By the revocation of its carrier, and by that of the successor."""
        carrier = self._members.standing(title.issuer)
        gone = (carrier, self._members.named(carrier.successor))
        revoked = [each.revoked_at for each in gone if each is not None and each.revoked_at]
        return [since + self._members.paper_delay for since in revoked]


def _of_open(title: Title) -> tuple[str, ...]:
    offer = title.offer
    if offer is None:
        return _PROPOSED
    if offer.enforced:
        return _ENFORCED
    if title.pledgee is None:
        return _OFFERED
    return _CONSENTED if offer.consented else _NEEDS_CONSENT


def _of_idle(title: Title) -> tuple[str, ...]:
    late = _LATE if title.offer or title.proposal else ()
    if title.pledgee is not None:
        return _PLEDGED + late
    entitled = title.kind is TitleKind.BLANK or title.possessor == title.titleholder
    if not entitled:
        return _HELD + late
    return (_TO_ORDER if title.kind in _NEGOTIABLE else _FINAL) + late


def _is_inactive(party: Standing) -> bool:
    return party.status is not PartyStatus.ACTIVE


def _parties_of(title: Title) -> tuple[PartyIndex, ...]:
    offeree = NO_PARTY if title.offer is None else title.offer.recipient
    return title.issuer, title.possessor, title.titleholder, offeree, pledgee_of(title)


def pledgee_of(title: Title) -> PartyIndex:
    """Who has a pledge of it, or is proposed one."""
    pledgee = title.proposal.pledgee if title.proposal else title.pledgee
    return PartyIndex(0 if pledgee is None else int(pledgee, 16) % 2**32)
