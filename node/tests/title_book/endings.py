"""Calls that give titles back, end them as paper, or let them leave and arrive."""

from __future__ import annotations

from tests.title_book.book import Scene, Stated, TitleBook
from tidan_node.domain import title_details as detailed
from tidan_node.domain.history import word
from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex, to_hex
from tidan_node.domain.titles import Issuance, TitleAct, gateways, paper, surrenders
from tidan_node.domain.titles.gateways import Arrival


def surrender_for_delivery(book: TitleBook, scene: Scene, id_: bytes, seq: int) -> None:
    caller = book.caller(scene)
    after = surrenders.surrender_for_delivery(
        book.title(id_), caller=caller, expected_seq=seq, now=scene.now
    )
    book.done(scene, after, TitleAct.SURRENDER_FOR_DELIVERY, caller.party)


def surrender_for_amendment(
    book: TitleBook, scene: Scene, id_: bytes, seq: int, reason: int
) -> None:
    caller = book.caller(scene)
    after = surrenders.surrender_for_amendment(
        book.title(id_), reason, caller=caller, expected_seq=seq, now=scene.now
    )
    book.done(scene, after, TitleAct.SURRENDER_FOR_AMENDMENT, caller.party, word(reason))


def cancel_surrender(book: TitleBook, scene: Scene, id_: bytes, seq: int) -> None:
    caller = book.caller(scene)
    after = surrenders.cancel_surrender(book.title(id_), caller=caller, expected_seq=seq)
    book.done(scene, after, TitleAct.CANCEL_SURRENDER, caller.party)


def accept_surrender(book: TitleBook, scene: Scene, id_: bytes, seq: int) -> None:
    caller, title = book.caller(scene), book.title(id_)
    after = surrenders.accept_surrender(
        title, caller=caller, expected_seq=seq, successor=book.successor_of(title)
    )
    book.done(scene, after, TitleAct.ACCEPT_SURRENDER, caller.party)


def reject_surrender(book: TitleBook, scene: Scene, id_: bytes, seq: int, reason: int) -> None:
    caller, title = book.caller(scene), book.title(id_)
    after = surrenders.reject_surrender(
        title, caller=caller, expected_seq=seq, successor=book.successor_of(title)
    )
    book.done(scene, after, TitleAct.REJECT_SURRENDER, caller.party, word(reason))


def switch_to_paper(book: TitleBook, scene: Scene, id_: bytes, seq: int, reason: int) -> None:
    caller, title = book.caller(scene), book.title(id_)
    after = paper.switch_to_paper(
        title, caller=caller, expected_seq=seq, successor=book.successor_of(title)
    )
    book.done(scene, after, TitleAct.SWITCH_TO_PAPER, caller.party, word(reason))


def end_as_paper(book: TitleBook, scene: Scene, id_: bytes, seq: int) -> None:
    caller, title = book.caller(scene), book.title(id_)
    after = paper.end_as_paper(
        title,
        caller=caller,
        carrier=book.members.standing(title.issuer),
        successor=book.members.named(book.successor_of(title)),
        delay=book.members.paper_delay,
        expected_seq=seq,
        now=scene.now,
    )
    book.done(scene, after, TitleAct.END_AS_PAPER, caller.party)


def lock(  # noqa: PLR0917  # in the order of the ABI
    book: TitleBook, scene: Scene, id_: bytes, seq: int, gateway: str, transfer: bytes
) -> None:
    caller, account = book.caller(scene), Address(gateway)
    after = gateways.lock(
        book.title(id_),
        account,
        transfer,
        caller=caller,
        recognised=account in book.members.gateways,
        expected_seq=seq,
        now=scene.now,
    )
    detail = detailed.lock_detail(account, to_hex(transfer))
    book.done(scene, after, TitleAct.LOCK, caller.party, detail)


def export_title(book: TitleBook, scene: Scene, id_: bytes, seq: int) -> None:
    after = gateways.export_title(book.title(id_), gateway=scene.account, expected_seq=seq)
    book.done(scene, after, TitleAct.EXPORT, NO_PARTY, detailed.gateway_detail(scene.account))


def return_title(book: TitleBook, scene: Scene, id_: bytes, seq: int) -> None:
    after = gateways.return_title(book.title(id_), gateway=scene.account, expected_seq=seq)
    book.done(scene, after, TitleAct.RETURN, NO_PARTY, detailed.gateway_detail(scene.account))


def import_title(
    book: TitleBook, scene: Scene, stated: Stated, issuer: int, transfer: bytes
) -> None:
    recognised = book.members.recognised(scene.account)
    gateways.require_crossing(scene.account, transfer, recognised=recognised)
    issuance = book.stated(PartyIndex(issuer), stated)
    kept = book.kept.get(issuance.title_id)
    arrival = Arrival(
        issuance=issuance,
        transfer=transfer,
        there=None if kept is None else kept.title,
        same_content=kept is not None and _content(issuance) == _content(kept.issuance),
        in_series=book.current.get(issuance.series),
    )
    after = gateways.import_title(
        arrival,
        gateway=scene.account,
        known=book.members,
        issuer=book.members.standing(PartyIndex(issuer)),
        possessor=book.members.standing(issuance.possessor),
        titleholder=book.members.named(issuance.titleholder),
    )
    detail = detailed.import_detail(issuance, after.issuer, scene.account, to_hex(transfer))
    book.begun(scene, after, issuance, TitleAct.IMPORT, detail, actor=NO_PARTY)


def _content(issuance: Issuance) -> tuple[object, ...]:
    """The document, and under what it is read."""
    return issuance.content_root, issuance.schema, issuance.version, issuance.rulebook
