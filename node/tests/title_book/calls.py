"""A call as the contract takes it, carried out by the specification."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tests.title_book import beginnings, endings, transfers
from tests.title_book.book import Call, Scene, TitleBook
from tidan_node.domain.identifiers import TitleId

RULES: Final[Mapping[str, Callable[..., None]]] = {
    "issue": beginnings.issue,
    "issueBatch": beginnings.issue_batch,
    "issueFromPaper": beginnings.issue_from_paper,
    "offer": transfers.offer,
    "withdraw": transfers.withdraw,
    "accept": transfers.accept,
    "decline": transfers.decline,
    "endorse": transfers.endorse,
    "proposePledge": transfers.propose_pledge,
    "acceptPledge": transfers.accept_pledge,
    "declinePledge": transfers.decline_pledge,
    "consent": transfers.consent,
    "releasePledge": transfers.release_pledge,
    "enforcePledge": transfers.enforce_pledge,
    "surrenderForDelivery": endings.surrender_for_delivery,
    "surrenderForAmendment": endings.surrender_for_amendment,
    "cancelSurrender": endings.cancel_surrender,
    "acceptSurrender": endings.accept_surrender,
    "rejectSurrender": endings.reject_surrender,
    "amend": beginnings.amend,
    "split": beginnings.split,
    "combine": beginnings.combine,
    "switchBill": beginnings.switch_bill,
    "switchToPaper": endings.switch_to_paper,
    "endAsPaper": endings.end_as_paper,
    "lock": endings.lock,
    "exportTitle": endings.export_title,
    "returnTitle": endings.return_title,
    "importTitle": endings.import_title,
}
"""By the names of the contract's functions."""


def carry_out(book: TitleBook, call: Call, scene: Scene) -> list[TitleId]:
    """All of the call happens, or nothing: the titles that it touched, one for each act."""
    before = dict(book.kept), dict(book.current)
    book.touched = []
    done = False
    try:
        RULES[call.function](book, scene, *call.arguments)
        done = True
    finally:
        if not done:
            book.kept, book.current = before
    return book.touched
