"""What a title's issue and its offer came to, in the words of people: who holds it now, and until
when it is on offer to whom."""

from __future__ import annotations

import time
from collections.abc import Callable

from tidan_cli.client import Document, NodeClient
from tidan_cli.failures import Answered
from tidan_cli.following import Sequel
from tidan_cli.output import short
from tidan_cli.sharing import AFTER_AN_ACT, after_act
from tidan_cli.title_words import offer_in_words, pledge_in_words


def after_issue(title: str, *, sent: bool) -> Sequel:
    """Who holds it, to whom it is made out; and what became of its package, where one was sent."""
    return _looked_up(title, _holders, sent=sent)


def after_offer(title: str) -> Sequel:
    """What is on offer until when, and what became of the package."""
    return _looked_up(title, _on_offer, sent=True)


def after_proposal(title: str) -> Sequel:
    """To which bank the pledge is proposed until when, and what became of the package."""
    return _looked_up(title, _proposed, sent=True)


def after_several(titles: list[str]) -> Sequel:
    """What became of the packages of titles that one act has made, one line each."""

    def look(client: NodeClient, timeout: float) -> tuple[Document, str]:
        ends = time.monotonic() + min(timeout, AFTER_AN_ACT)
        found = [
            (each, after_act(each)(client, max(0, ends - time.monotonic()))) for each in titles
        ]
        lines = [f"{short(each)}: {words}" for each, (_, words) in found]
        return {"parcels": [members["parcel"] for _, (members, _) in found]}, "\n  ".join(lines)

    return look


def _holders(title: Document) -> tuple[Document, str]:
    holder, made_out = title["possessor"], title["titleholder"]
    words = "held by nobody yet" if holder is None else f"held by {holder['name']}"
    words += ", in blank" if made_out is None else f", made out to {made_out['name']}"
    return {"possessor": holder, "titleholder": made_out}, words


def _proposed(title: Document) -> tuple[Document, str]:
    proposal = title["proposal"]
    if proposal is None:
        return {"proposal": None}, "the proposal has been answered already"
    return {"proposal": proposal}, f"proposed as security: {pledge_in_words(proposal)}"


def _on_offer(title: Document) -> tuple[Document, str]:
    offer = title["offer"]
    if offer is None:
        return {"offer": None}, "the offer has been answered already"
    return {"offer": offer}, f"on offer: {offer_in_words(offer)}"


def _recipient(members: Document) -> Document | None:
    """To whom the title is on offer, or proposed: there its package goes."""
    offer, proposal = members.get("offer"), members.get("proposal")
    recipient: Document | None = offer["recipient"] if offer else None
    return proposal["bank"] if proposal else recipient


def _looked_up(
    title: str, told: Callable[[Document], tuple[Document, str]], *, sent: bool
) -> Sequel:
    def look(client: NodeClient, timeout: float) -> tuple[Document, str]:
        try:
            members, words = told(client.get(f"/v1/titles/{title}"))
        except Answered as refused:  # the act is done; the key may not cover the look
            members, words = {}, f"it cannot be looked up: {refused.detail}"
        if sent:
            more, parcel = after_act(title, _recipient(members))(client, timeout)
            members, words = members | more, f"{words}\n  {parcel}"
        return members, words

    return look
