"""Calls that move control, and those of a pledge."""

from __future__ import annotations

from tests.title_book.book import Scene, TitleBook
from tidan_node.domain import title_details as detailed
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex, Pledgee, to_hex
from tidan_node.domain.titles import (
    Offer,
    Offered,
    Proposal,
    Title,
    TitleAct,
    TitleKind,
    endorsement,
    pledges,
    transfers,
)


def offer(  # noqa: PLR0917  # in the order of the ABI
    book: TitleBook, scene: Scene, id_: bytes, seq: int, recipient: int, what: int, deadline: int
) -> None:
    caller = book.caller(scene)
    terms = Offer(PartyIndex(recipient), Offered(what), deadline)
    after = transfers.make_offer(
        book.title(id_),
        terms,
        caller=caller,
        recipient=book.members.standing(terms.recipient),
        expected_seq=seq,
        now=scene.now,
    )
    book.done(scene, after, TitleAct.OFFER, caller.party, detailed.offer_detail(terms))


def withdraw(book: TitleBook, scene: Scene, id_: bytes, seq: int) -> None:
    caller = book.caller(scene)
    after = transfers.withdraw(book.title(id_), caller=caller, expected_seq=seq)
    book.done(scene, after, TitleAct.WITHDRAW, caller.party)


def accept(book: TitleBook, scene: Scene, id_: bytes, seq: int) -> None:
    caller = book.caller(scene)
    after = transfers.accept(book.title(id_), caller=caller, expected_seq=seq, now=scene.now)
    detail = detailed.transfer_detail(after.possessor, after.titleholder, after.kind)
    book.done(scene, after, TitleAct.ACCEPT, caller.party, detail)


def decline(book: TitleBook, scene: Scene, id_: bytes, seq: int) -> None:
    caller = book.caller(scene)
    after = transfers.decline(book.title(id_), caller=caller, expected_seq=seq)
    book.done(scene, after, TitleAct.DECLINE, caller.party)


def endorse(book: TitleBook, scene: Scene, id_: bytes, seq: int, kind: int) -> None:
    caller = book.caller(scene)
    after = endorsement.endorse(
        book.title(id_), TitleKind(kind), caller=caller, expected_seq=seq, now=scene.now
    )
    detail = detailed.endorsement_detail(after.titleholder, after.kind)
    book.done(scene, after, TitleAct.ENDORSE, caller.party, detail)


def propose_pledge(  # noqa: PLR0917  # in the order of the ABI
    book: TitleBook, scene: Scene, id_: bytes, seq: int, pledgee: bytes, deadline: int
) -> None:
    caller = book.caller(scene)
    proposal = Proposal(Pledgee(to_hex(pledgee)), deadline)
    after = pledges.propose_pledge(
        book.title(id_),
        proposal,
        caller=caller,
        gate=book.members.gate,
        expected_seq=seq,
        now=scene.now,
    )
    detail = detailed.proposal_detail(proposal.pledgee, deadline)
    book.done(scene, after, TitleAct.PROPOSE_PLEDGE, caller.party, detail)


def accept_pledge(book: TitleBook, scene: Scene, id_: bytes, seq: int) -> None:
    after = pledges.accept_pledge(
        book.title(id_),
        caller=scene.account,
        gate=book.members.gate,
        expected_seq=seq,
        now=scene.now,
    )
    _by_pledgee(book, scene, after, TitleAct.ACCEPT_PLEDGE, after.pledgee)


def decline_pledge(book: TitleBook, scene: Scene, id_: bytes, seq: int) -> None:
    title = book.title(id_)
    after = pledges.decline_pledge(
        title, caller=scene.account, gate=book.members.gate, expected_seq=seq
    )
    proposed = title.proposal.pledgee if title.proposal else None
    _by_pledgee(book, scene, after, TitleAct.DECLINE_PLEDGE, proposed)


def consent(book: TitleBook, scene: Scene, id_: bytes, seq: int) -> None:
    after = pledges.consent(
        book.title(id_),
        caller=scene.account,
        gate=book.members.gate,
        expected_seq=seq,
        now=scene.now,
    )
    _by_pledgee(book, scene, after, TitleAct.CONSENT, after.pledgee)


def release_pledge(book: TitleBook, scene: Scene, id_: bytes, seq: int) -> None:
    title = book.title(id_)
    after = pledges.release_pledge(
        title, caller=scene.account, gate=book.members.gate, expected_seq=seq
    )
    _by_pledgee(book, scene, after, TitleAct.RELEASE_PLEDGE, title.pledgee)


def enforce_pledge(  # noqa: PLR0917  # in the order of the ABI
    book: TitleBook, scene: Scene, id_: bytes, seq: int, recipient: int, deadline: int
) -> None:
    title, party = book.title(id_), PartyIndex(recipient)
    after = pledges.enforce_pledge(
        title,
        caller=scene.account,
        gate=book.members.gate,
        recipient=book.members.standing(party),
        deadline=deadline,
        expected_seq=seq,
        now=scene.now,
    )
    assert title.pledgee is not None
    detail = detailed.enforcement_detail(title.pledgee, party, deadline)
    book.done(scene, after, TitleAct.ENFORCE_PLEDGE, NO_PARTY, detail)


def _by_pledgee(
    book: TitleBook, scene: Scene, after: Title, act: TitleAct, pledgee: Pledgee | None
) -> None:
    assert pledgee is not None
    book.done(scene, after, act, NO_PARTY, detailed.pledgee_detail(pledgee))
