"""The arguments of an attempt: mostly what the act needs, now and then what it must not have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.title_book.book import Stated, TitleBook
from tests.title_book.dice import Dice
from tidan_node.domain.identifiers import (
    NO_PARTY,
    Address,
    PartyIndex,
    SeriesId,
    to_bytes,
    to_hex,
)
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.proofs.record_ids import series_id_of, title_id_of
from tidan_node.domain.titles import Title, TitleKind, TitleStatus
from tidan_node.domain.titles.terms import packed

HOUR: Final = 3600
UNKNOWN: Final = PartyIndex(99)
NOTHING: Final = bytes(32)
_SERIES_FROM: Final = 2**64
_LASTING: Final = (24 * HOUR, 24 * HOUR, 24 * HOUR, 2 * HOUR, 2 * HOUR, 1, 0)
_COMBINED: Final = (4, 255)
_REASONS: Final = (1, 2, 3, 4, 4, 4, 4, 5, 6, 255, 255, 255, 255, 0, 7, 254)
_KINDS: Final = (
    *(TitleKind.ORDER, TitleKind.BLANK, TitleKind.ORDER, TitleKind.BLANK, TitleKind.ORDER),
    *(TitleKind.STRAIGHT, TitleKind.ORDER_FINAL),
)


class Arguments:
    """Knows what was numbered how: a number can be used again, and a series gone on with."""

    def __init__(self, book: TitleBook, outsiders: tuple[Address, ...]) -> None:
        self._book = book
        self._members = book.members
        self._outsiders = outsiders
        self._numbered = 0
        self._series: dict[SeriesId, bytes] = {}
        self._numbers: dict[str, bytes] = {}
        self._makers: dict[str, Callable[[Title | None, PartyIndex, Dice, int], Any]] = {
            "issue": lambda _, by, dice, __: (self._new(by, dice),),
            "issueBatch": self._batch,
            "issueFromPaper": self._from_paper,
            "importTitle": self._import,
            "combine": self._combine,
        }
        self._ends: dict[str, Callable[[Title, PartyIndex, Dice, int], tuple[Any, ...]]] = {
            "offer": self._offer,
            "endorse": lambda title, _, dice, __: (_endorsed(title, dice),),
            "proposePledge": self._pledge,
            "enforcePledge": self._enforce,
            "surrenderForAmendment": lambda _, __, dice, ___: (dice.one_of(_REASONS),),
            "rejectSurrender": lambda *_: (255,),
            "switchToPaper": lambda *_: (6,),
            "lock": self._lock,
            "amend": lambda title, by, dice, _: (self._successor(title, by, dice, own=True), 1),
            "switchBill": lambda title, by, dice, _: (
                self._successor(title, by, dice, own=dice.rarely(6)),
                5,
            ),
            "split": self._split,
        }

    def of(
        self, function: str, title: Title | None, by: PartyIndex, dice: Dice, now: int
    ) -> tuple[Any, ...]:  # of the ABI's types
        if function in self._makers:
            made: tuple[Any, ...] = self._makers[function](title, by, dice, now)
            return made
        if title is None:
            title = _NO_TITLE
        end = self._ends.get(function)
        return (_id(title), title.seq, *(end(title, by, dice, now) if end else ()))

    def _offer(self, title: Title, by: PartyIndex, dice: Dice, now: int) -> tuple[Any, ...]:
        passes = title.kind is TitleKind.BLANK or (
            title.kind is TitleKind.ORDER and title.titleholder == title.possessor
        )
        what = dice.one_of((3, 3, 3, 1, 2, 6, 7) if passes else (1,))
        if dice.rarely(16):
            what = dice.one_of((0, 4, 5, 8, 16, 32, 255, 3))
        home = title.titleholder not in (NO_PARTY, title.possessor)
        if home and (self._is_stranded(title) or dice.roll(3) == 0):
            return title.titleholder, what, self._deadline(dice, now)
        return self._active(dice, other_than=title.possessor), what, self._deadline(dice, now)

    def _is_stranded(self, title: Title) -> bool:
        """One of its holders is suspended or revoked, and can do little else with it."""
        holders = title.possessor, title.titleholder
        active = PartyStatus.ACTIVE
        return any(self._members.standing(each).status is not active for each in holders)

    def _pledge(self, title: Title, by: PartyIndex, dice: Dice, now: int) -> tuple[Any, ...]:
        active = self._members.first(lambda each: each.status is PartyStatus.ACTIVE)
        parties = [each.party for each in active if Role.BANK in each.roles]
        pledgee = dice.one_of(parties) if parties else NO_PARTY
        if dice.rarely():
            pledgee = dice.one_of((*self._members.standings, NO_PARTY, UNKNOWN))
        beyond = 2**200 if dice.rarely(24) else 0
        return (pledgee + beyond).to_bytes(32, "big"), self._deadline(dice, now)

    def _enforce(self, title: Title, by: PartyIndex, dice: Dice, now: int) -> tuple[Any, ...]:
        to_whom_has_it = dice.rarely(5)
        other = self._active(dice, other_than=title.possessor)
        return title.possessor if to_whom_has_it else other, self._deadline(dice, now)

    def _lock(self, title: Title, by: PartyIndex, dice: Dice, now: int) -> tuple[Any, ...]:
        known = sorted(self._members.gateways) or list(self._outsiders)
        gateway = dice.one_of(self._outsiders if dice.rarely() else known)
        return gateway, NOTHING if dice.rarely(16) else b"\x07" * 32

    def _split(self, title: Title, by: PartyIndex, dice: Dice, now: int) -> tuple[Any, ...]:
        count = dice.one_of((2, 3, 2, 4, 2, 1))
        keeps = dice.roll(3)
        return [self._successor(title, by, dice, own=each < keeps) for each in range(count)], 2

    def _batch(self, _: Title | None, by: PartyIndex, dice: Dice, now: int) -> tuple[Any, ...]:
        count = dice.one_of((3, 2, 3, 1, 2, 4, 3, 0))
        if not count:
            return ([],)
        first = self._new(by, dice)
        others = [self._new(by, dice) for _ in range(count - 1)]
        if dice.roll(2):
            others = [(*each[:2], *first[2:]) for each in others]
        return ([first, *others],)

    def _from_paper(
        self, title: Title | None, by: PartyIndex, dice: Dice, now: int
    ) -> tuple[Any, ...]:
        stated = self._new(by, dice)
        if title is not None and (title.status is TitleStatus.PAPER or dice.rarely(3)):
            stated = (stated[0], self._series_of(title, by), *stated[2:])
        return stated, NOTHING if dice.rarely(16) else b"\x09" * 32

    def _import(self, title: Title | None, by: PartyIndex, dice: Dice, now: int) -> tuple[Any, ...]:
        """Of a new title, or of one that comes back."""
        carriers = [each.party for each in self._members.first(lambda e: Role.CARRIER in e.roles)]
        issuer = dice.one_of(carriers) if carriers else UNKNOWN
        stated = self._new(issuer, dice)
        if title is not None and (title.status is TitleStatus.EXPORTED or dice.rarely(4)):
            issuer, there = title.issuer, self._book.kept[title.title_id].issuance
            number = self._numbers.get(title.title_id, stated[0])
            series = self._series_of(title, issuer)
            root = to_bytes(there.content_root)
            holders = stated[3] & 2**72 - 1
            same = there.schema, there.version, there.rulebook
            other_terms = (1, 77, there.rulebook), (*same[:2], there.rulebook + 1)
            terms = packed(0, 0, 0, *dice.one_of((same,) * 10 + other_terms))
            stated = (number, series, root, holders | terms)
            if dice.rarely():
                other = (number, b"\x0b" * 32, root), (number, series, b"\x0c" * 32)
                stated = (*dice.one_of(other), stated[3])
        if dice.rarely(16):
            issuer = dice.one_of((*self._members.standings, UNKNOWN))
        return stated, issuer, NOTHING if dice.rarely(24) else b"\x08" * 32

    def _combine(
        self, title: Title | None, by: PartyIndex, dice: Dice, now: int
    ) -> tuple[Any, ...]:
        title = title or _NO_TITLE
        pending = [
            kept.title
            for kept in self._book.kept.values()
            if kept.title.status is TitleStatus.PENDING_AMENDMENT
            and kept.title.title_id != title.title_id
        ]
        alike = [each for each in pending if _terms(each) == _terms(title)]
        fit = [each for each in alike if each.surrendered_for in _COMBINED] or alike
        others = pending if dice.rarely(6) else fit
        chosen = [title, *others[: 1 + dice.roll(2)]]
        if dice.rarely(12):
            chosen.append(title)
        seqs = [each.seq for each in chosen]
        if dice.rarely(16):
            seqs.append(1)
        whole = self._successor(dice.one_of(chosen), by, dice, own=not dice.roll(2))
        return [_id(each) for each in chosen], seqs, whole, 4

    def _successor(self, title: Title, by: PartyIndex, dice: Dice, *, own: bool = False) -> Stated:
        number, series = self._names(by, dice)
        if own:
            series = self._series_of(title, by)
        holders = [title.possessor, title.titleholder]
        if title.kind is TitleKind.STRAIGHT and dice.roll(2):
            holders[1] = self._active(dice, other_than=NO_PARTY)
        if dice.rarely(12):
            holders[dice.roll(2)] = self._active(dice, other_than=NO_PARTY)
        root = (self._numbered + 5).to_bytes(32, "big")
        kind = dice.one_of(tuple(TitleKind)) if dice.rarely(12) else title.kind
        return number, series, root, packed(*holders, kind, 1, 2, 0)

    def _new(self, by: PartyIndex, dice: Dice) -> Stated:
        number, series = self._names(by, dice)
        kind = dice.one_of(_KINDS)
        possessor = self._active(dice, other_than=NO_PARTY)
        titleholder = possessor
        if dice.rarely(6) or kind is TitleKind.STRAIGHT:
            titleholder = self._active(dice, other_than=NO_PARTY)
        if (kind is TitleKind.BLANK) != dice.rarely(24):
            titleholder = NO_PARTY
        root = NOTHING if dice.rarely(48) else (self._numbered + 5).to_bytes(32, "big")
        terms = packed(possessor, titleholder, kind, 1, 1, dice.roll(3))
        if dice.rarely(48):
            terms |= dice.one_of((4 << 64, 1 << 112, 1 << 255))
        return number, series, root, terms

    def _names(self, by: PartyIndex, dice: Dice) -> tuple[bytes, bytes]:
        """A number and a series, new ones as a rule; sometimes some that are used, or nothing."""
        self._numbered += 1
        numbered = [self._numbered, self._numbered]
        if dice.rarely(10):
            numbered[dice.roll(2)] = 1 + dice.roll(self._numbered)
        number, series = numbered[0], _SERIES_FROM + numbered[1]
        if dice.rarely(64):
            number, series = dice.one_of(((0, series), (number, 0)))
        names = number.to_bytes(32, "big"), series.to_bytes(32, "big")
        self._numbers[title_id_of(by, to_hex(names[0]))] = names[0]
        self._series[series_id_of(by, to_hex(names[1]))] = names[1]
        return names

    def _series_of(self, title: Title, by: PartyIndex) -> bytes:
        """The series that the title has from this issuer."""
        kept = self._book.kept.get(title.title_id)
        known = None if kept is None else self._series.get(kept.issuance.series)
        return known or b"\x0a" * 32

    def _active(self, dice: Dice, *, other_than: PartyIndex) -> PartyIndex:
        if dice.rarely(16):
            return dice.one_of((*self._members.standings, NO_PARTY, UNKNOWN))
        active = self._members.first(lambda each: each.status is PartyStatus.ACTIVE)
        others = [each.party for each in active if each.party != other_than]
        return dice.one_of(others) if others else UNKNOWN

    def _deadline(self, dice: Dice, now: int) -> int:
        return now + dice.one_of(_LASTING)


_NO_TITLE: Final = Title(
    title_id=title_id_of(UNKNOWN, to_hex(b"\x01" * 32)),
    issuer=UNKNOWN,
    possessor=UNKNOWN,
    titleholder=UNKNOWN,
    kind=TitleKind.ORDER,
    status=TitleStatus.NONE,
    seq=1,
)


def _id(title: Title) -> bytes:
    return to_bytes(title.title_id)


def _terms(title: Title) -> tuple[object, ...]:
    return title.issuer, title.possessor, title.titleholder, title.kind


def _endorsed(title: Title, dice: Dice) -> int:
    if title.kind is TitleKind.BLANK:
        fit = (TitleKind.ORDER, TitleKind.ORDER_FINAL)
    else:
        fit = (TitleKind.BLANK, TitleKind.ORDER_FINAL)
    return int(dice.one_of(tuple(TitleKind)) if dice.rarely() else dice.one_of(fit))
