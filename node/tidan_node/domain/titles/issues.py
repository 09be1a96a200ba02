"""How a title begins: issued by its carrier, alone, in a batch, or in place of paper."""

from __future__ import annotations

from typing import Final

from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.domain.parties import Role, Standing
from tidan_node.domain.record_problems import EmptyValue
from tidan_node.domain.title_problems import (
    AlreadyIssued,
    BlankHasNoTitleholder,
    CountUnfit,
    KindNeedsTitleholder,
    SeriesAlreadyUsed,
)
from tidan_node.domain.titles.terms import Issuance, TitleKind, TitleStatus
from tidan_node.domain.titles.title import Title

LARGEST_BATCH: Final = 100


def require_issuer(carrier: Standing) -> None:
    """Only an active carrier issues."""
    carrier.require_active("caller")
    carrier.require_role(Role.CARRIER, "caller")


def require_batch(count: int) -> None:
    """So many titles can be issued in one act, which issues all of them or none."""
    if not 1 <= count <= LARGEST_BATCH:
        raise CountUnfit(f"a batch is of 1 to {LARGEST_BATCH} titles, not {count}", field="titles")


def issue(
    issuance: Issuance,
    *,
    carrier: Standing,
    possessor: Standing,
    titleholder: Standing | None,
    id_taken: bool,
    series_taken: bool,
) -> Title:
    """A new title, held by an active party, in a series that has none."""
    require_issuer(carrier)
    require_unused(id_taken=id_taken)
    require_own_series(free=not series_taken)
    require_holders(issuance, possessor=possessor, titleholder=titleholder)
    return begun(issuance, carrier.party)


def issue_from_paper(
    issuance: Issuance,
    withdrawal: bytes,
    *,
    carrier: Standing,
    possessor: Standing,
    titleholder: Standing | None,
    id_taken: bool,
    current: TitleStatus,
) -> Title:
    """A new title in place of a paper that the carrier has withdrawn, as the record behind the
    hash says (MLETR, article 17). The title that its series has (`current`), if any, is paper."""
    require_issuer(carrier)
    require_withdrawal(withdrawal)
    require_unused(id_taken=id_taken)
    require_own_series(free=current in (TitleStatus.NONE, TitleStatus.PAPER))
    require_holders(issuance, possessor=possessor, titleholder=titleholder)
    return begun(issuance, carrier.party)


def require_withdrawal(withdrawal: bytes) -> None:
    if not any(withdrawal):
        raise EmptyValue("name the record of the paper's withdrawal", field="withdrawal")


def require_unused(*, id_taken: bool) -> None:
    if id_taken:
        raise AlreadyIssued(
            "this number and sub-reference were issued before, and can never be again",
            field="title",
        )


def require_own_series(*, free: bool) -> None:
    """One live record a series: it is unused, or its title makes way in this same act."""
    if not free:
        raise SeriesAlreadyUsed("a title of this B/L number exists already", field="series")


def require_holders(
    issuance: Issuance,
    *,
    possessor: Standing,
    titleholder: Standing | None,
    known: PartyIndex = NO_PARTY,
) -> None:
    """Both are active, but for a titleholder that the title is `known` to have left with; a title
    in blank is made out to nobody, every other to somebody."""
    possessor.require_active("possessor")
    if issuance.kind is TitleKind.BLANK:
        if titleholder is not None:
            raise BlankHasNoTitleholder(
                "a title in blank is made out to nobody", field="titleholder"
            )
    elif titleholder is None:
        raise KindNeedsTitleholder(
            f"a title of kind {issuance.kind.name} is made out to somebody: name its titleholder",
            field="titleholder",
        )
    elif titleholder.party != known:
        titleholder.require_active("titleholder")


def begun(issuance: Issuance, issuer: PartyIndex) -> Title:
    """The title after its first act."""
    return Title(
        title_id=issuance.title_id,
        issuer=issuer,
        possessor=issuance.possessor,
        titleholder=issuance.titleholder,
        kind=issuance.kind,
        status=TitleStatus.LIVE,
        seq=1,
    )
