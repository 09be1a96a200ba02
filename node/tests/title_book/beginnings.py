"""Calls that issue titles, and those that put titles in place of others."""

from __future__ import annotations

from collections.abc import Sequence

from tests.title_book.book import Scene, Stated, TitleBook
from tidan_node.domain import title_details as detailed
from tidan_node.domain.identifiers import TitleId, to_hex
from tidan_node.domain.parties import Standing
from tidan_node.domain.titles import Title, TitleAct, TitleStatus, issues, replacements
from tidan_node.domain.titles.replacements import Replacement
from tidan_node.domain.titles.terms import Replaced


def issue(book: TitleBook, scene: Scene, stated: Stated) -> None:
    _issue(book, scene, book.caller(scene), stated)


def issue_batch(book: TitleBook, scene: Scene, several: Sequence[Stated]) -> None:
    caller = book.caller(scene)
    issues.require_batch(len(several))
    for stated in several:
        _issue(book, scene, caller, stated)


def issue_from_paper(book: TitleBook, scene: Scene, stated: Stated, withdrawal: bytes) -> None:
    caller = book.caller(scene)
    issues.require_issuer(caller)
    issues.require_withdrawal(withdrawal)
    issuance = book.stated(caller.party, stated)
    last = book.current.get(issuance.series)
    title = issues.issue_from_paper(
        issuance,
        withdrawal,
        carrier=caller,
        possessor=book.members.standing(issuance.possessor),
        titleholder=book.members.named(issuance.titleholder),
        id_taken=issuance.title_id in book.kept,
        current=TitleStatus.NONE if last is None else book.kept[last].title.status,
    )
    detail = detailed.paper_issue_detail(issuance, to_hex(withdrawal))
    book.begun(scene, title, issuance, TitleAct.ISSUE_FROM_PAPER, detail)


def amend(book: TitleBook, scene: Scene, id_: bytes, seq: int, stated: Stated, reason: int) -> None:  # noqa: PLR0917  # in the order of the ABI
    caller, title = book.caller(scene), book.title(id_)
    replacements.void(title, Replaced.AMENDMENT, caller=caller, expected_seq=seq)
    by = _replacement(book, caller, stated)
    voided, after = replacements.amend(title, by, caller=caller, expected_seq=seq)
    _replace(book, scene, caller, Replaced.AMENDMENT, reason, [voided], [(after, by)])


def switch_bill(  # noqa: PLR0917  # in the order of the ABI
    book: TitleBook, scene: Scene, id_: bytes, seq: int, stated: Stated, reason: int
) -> None:
    caller, title = book.caller(scene), book.title(id_)
    successor = book.successor_of(title)
    replacements.void(title, Replaced.SWITCH, caller=caller, expected_seq=seq, successor=successor)
    by = _replacement(book, caller, stated)
    voided, after = replacements.switch_bill(
        title, by, caller=caller, expected_seq=seq, successor=successor
    )
    _replace(book, scene, caller, Replaced.SWITCH, reason, [voided], [(after, by)])


def split(  # noqa: PLR0917  # in the order of the ABI
    book: TitleBook, scene: Scene, id_: bytes, seq: int, parts: Sequence[Stated], reason: int
) -> None:
    caller = book.caller(scene)
    replacements.require_parts(len(parts))
    title = book.title(id_)
    successor = book.successor_of(title)
    replacements.void(title, Replaced.SPLIT, caller=caller, expected_seq=seq, successor=successor)
    into = [_replacement(book, caller, stated) for stated in parts]
    voided, after = replacements.split(
        title, into, caller=caller, expected_seq=seq, successor=successor
    )
    made = list(zip(after, into, strict=True))
    _replace(book, scene, caller, Replaced.SPLIT, reason, [voided], made)


def combine(  # noqa: PLR0917  # in the order of the ABI
    book: TitleBook,
    scene: Scene,
    ids: Sequence[bytes],
    seqs: Sequence[int],
    stated: Stated,
    reason: int,
) -> None:
    caller = book.caller(scene)
    replacements.require_parts(len(ids), len(seqs))
    into = _replacement(book, caller, stated)
    titles = [book.title(id_) for id_ in ids]
    voided, after = replacements.combine(
        titles,
        seqs,
        into,
        caller=caller,
        successors=[book.successor_of(title) for title in titles],
    )
    _replace(book, scene, caller, Replaced.COMBINATION, reason, voided, [(after, into)])


def _issue(book: TitleBook, scene: Scene, caller: Standing, stated: Stated) -> None:
    issues.require_issuer(caller)
    issuance = book.stated(caller.party, stated)
    title = issues.issue(
        issuance,
        carrier=caller,
        possessor=book.members.standing(issuance.possessor),
        titleholder=book.members.named(issuance.titleholder),
        id_taken=issuance.title_id in book.kept,
        series_taken=issuance.series in book.current,
    )
    book.begun(scene, title, issuance, TitleAct.ISSUE, detailed.issue_detail(issuance))


def _replacement(book: TitleBook, carrier: Standing, stated: Stated) -> Replacement:
    issuance = book.stated(carrier.party, stated)
    return Replacement(
        issuance=issuance,
        id_taken=issuance.title_id in book.kept,
        in_series=book.current.get(issuance.series),
        titleholder=book.members.named(issuance.titleholder),
    )


def _replace(  # noqa: PLR0917  # in the order of the ABI
    book: TitleBook,
    scene: Scene,
    caller: Standing,
    how: Replaced,
    reason: int,
    voided: Sequence[Title],
    made: Sequence[tuple[Title, Replacement]],
) -> None:
    successors = [after.title_id for after, _ in made]
    origins: list[TitleId] = [title.title_id for title in voided]
    void_detail = detailed.void_detail(how, reason, successors)
    for title in voided:
        book.done(scene, title, TitleAct.VOID, caller.party, void_detail)
    for after, by in made:
        detail = detailed.successor_detail(by.issuance, origins)
        book.begun(scene, after, by.issuance, TitleAct.ISSUE_SUCCESSOR, detail)
