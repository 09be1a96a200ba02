"""One record in place of another: amended, split, combined, or switched for another bill.

The originals are surrendered for it; they end, and their successors begin, in one act. Quantities
and terms are the carrier's statement: the registry keeps to it that the holders stay who they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tidan_node.domain.identifiers import NO_PARTY, PartyIndex, SeriesId, TitleId
from tidan_node.domain.parties import Standing
from tidan_node.domain.reasons import AmendmentReason
from tidan_node.domain.title_problems import (
    CountUnfit,
    HoldersDiffer,
    KindNeedsTitleholder,
    OriginalsDiffer,
    SeriesDiffers,
)
from tidan_node.domain.titles.issues import (
    begun,
    require_issuer,
    require_own_series,
    require_unused,
)
from tidan_node.domain.titles.terms import Issuance, Replaced, TitleKind, TitleStatus
from tidan_node.domain.titles.title import Title

MOST_PARTS: Final = 50

_ASKED: Final[Mapping[Replaced, tuple[AmendmentReason, ...]]] = {
    Replaced.AMENDMENT: (AmendmentReason.CORRECTION, AmendmentReason.CHANGE_OF_DESTINATION),
    Replaced.SPLIT: (AmendmentReason.SPLIT,),
    Replaced.COMBINATION: (AmendmentReason.COMBINATION,),
    Replaced.SWITCH: (AmendmentReason.SWITCH,),
}
"""What a title is surrendered for that is replaced so."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A successor as its carrier states it, and what the registry has under its names before the
    act: whether the id was used, and the present title of the series. `titleholder` is None where
    it names none."""

    issuance: Issuance
    id_taken: bool
    in_series: TitleId | None
    titleholder: Standing | None


def void(
    title: Title,
    how: Replaced,
    *,
    caller: Standing,
    expected_seq: int,
    successor: PartyIndex = NO_PARTY,
) -> Title:
    """The original ends: surrendered for it, and by its carrier, or the successor of one."""
    title.require_pending(expected_seq, TitleStatus.PENDING_AMENDMENT)
    title.require_carrier(caller, successor)
    require_issuer(caller)
    title.require_surrendered_for(*_ASKED[how])
    return title._replace(seq=title.seq + 1, status=TitleStatus.VOIDED, surrendered_for=None)


def amend(
    title: Title, by: Replacement, *, caller: Standing, expected_seq: int
) -> tuple[Title, Title]:
    """The same bill with other terms: its number under a sub-reference never used before, which
    only the carrier that issued it can give."""
    voided = void(title, Replaced.AMENDMENT, caller=caller, expected_seq=expected_seq)
    require_unused(id_taken=by.id_taken)
    if by.in_series != title.title_id:
        raise SeriesDiffers("an amended title stays in its series", field="series")
    _require_same_holders(title, by)
    return voided, begun(by.issuance, caller.party)


def switch_bill(
    title: Title,
    by: Replacement,
    *,
    caller: Standing,
    expected_seq: int,
    successor: PartyIndex = NO_PARTY,
) -> tuple[Title, Title]:
    """Another bill for the same cargo, of another number."""
    voided = void(
        title, Replaced.SWITCH, caller=caller, expected_seq=expected_seq, successor=successor
    )
    require_unused(id_taken=by.id_taken)
    require_own_series(free=by.in_series is None)
    _require_same_holders(title, by)
    return voided, begun(by.issuance, caller.party)


def split(
    title: Title,
    into: Sequence[Replacement],
    *,
    caller: Standing,
    expected_seq: int,
    successor: PartyIndex = NO_PARTY,
) -> tuple[Title, tuple[Title, ...]]:
    """One bill becomes several, each for a part of the cargo."""
    require_parts(len(into))
    voided = void(
        title, Replaced.SPLIT, caller=caller, expected_seq=expected_seq, successor=successor
    )
    return voided, _succeeding([title], into, caller)


def combine(
    titles: Sequence[Title],
    expected_seqs: Sequence[int],
    into: Replacement,
    *,
    caller: Standing,
    successors: Sequence[PartyIndex] = (),
) -> tuple[tuple[Title, ...], Title]:
    """Several bills of one carrier and one holder become one. `successors` are those of each
    title's carrier, where one is revoked."""
    require_parts(len(titles), len(expected_seqs))
    answering = successors or [NO_PARTY] * len(titles)
    voided: dict[TitleId, Title] = {}
    each = zip(titles, expected_seqs, answering, strict=True)
    for place, (title, expected_seq, successor) in enumerate(each):
        # one that is named twice is void by then
        as_it_is = voided.get(title.title_id, title)
        voided[title.title_id] = void(
            as_it_is,
            Replaced.COMBINATION,
            caller=caller,
            expected_seq=expected_seq,
            successor=successor,
        )
        if _terms(title) != _terms(titles[0]):
            raise OriginalsDiffer(
                f"title {title.title_id} has another carrier, possessor, titleholder or kind than"
                " the first",
                field=f"titles.{place}",
            )
    (after,) = _succeeding(titles, [into], caller)
    return tuple(voided.values()), after


def require_parts(*counts: int) -> None:
    """A bill is split into so many, or so many are combined, each with its seq."""
    if len(set(counts)) > 1 or not 2 <= counts[0] <= MOST_PARTS:
        raise CountUnfit(f"2 to {MOST_PARTS} titles, not {counts[0]}", field="titles")


def _succeeding(
    originals: Sequence[Title], wanted: Sequence[Replacement], carrier: Standing
) -> tuple[Title, ...]:
    """The successors in their order: each has an id and a series of its own, which is unused or
    comes free with an original."""
    free = {original.title_id for original in originals}
    ids: set[TitleId] = set()
    series: set[SeriesId] = set()
    after: list[Title] = []
    for each in wanted:
        issuance = each.issuance
        require_unused(id_taken=each.id_taken or issuance.title_id in ids)
        unused = each.in_series is None or each.in_series in free
        require_own_series(free=unused and issuance.series not in series)
        _require_same_holders(originals[0], each)
        ids.add(issuance.title_id)
        series.add(issuance.series)
        after.append(begun(issuance, carrier.party))
    return tuple(after)


def _require_same_holders(original: Title, by: Replacement) -> None:
    """No act of a carrier moves control. To whom a straight title goes is for the shipper to say
    as long as it has it, and its surrender is its word."""
    wanted = by.issuance
    if wanted.kind is not original.kind or wanted.possessor != original.possessor:
        raise HoldersDiffer("kind and possessor stay as they were", field="possessor")
    if wanted.titleholder == original.titleholder:
        return
    with_the_shipper = original.possessor != original.titleholder
    if original.kind is not TitleKind.STRAIGHT or not with_the_shipper:
        raise HoldersDiffer("the titleholder stays who it was", field="titleholder")
    if by.titleholder is None:
        raise KindNeedsTitleholder("a straight title names its consignee", field="titleholder")
    by.titleholder.require_active("titleholder")


def _terms(title: Title) -> tuple[object, ...]:
    return title.issuer, title.possessor, title.titleholder, title.kind
