"""What a title's issue and its offer came to, in the words of people: who holds it now, and until
when it is on offer to whom."""

from __future__ import annotations

from collections.abc import Callable

from tidan_cli.client import Document, NodeClient
from tidan_cli.failures import Answered
from tidan_cli.following import Sequel
from tidan_cli.sharing import after_act


def after_issue(title: str, *, sent: bool) -> Sequel:
    """Who holds it, to whom it is made out; and what became of its package, where one was sent."""
    return _looked_up(title, _holders, after_act(title) if sent else None)


def after_offer(title: str) -> Sequel:
    """What is on offer until when, and what became of the package."""
    return _looked_up(title, _on_offer, after_act(title))


def offer_in_words(offer: Document) -> str:
    """What is offered, to whom, until when."""
    ended = ", ended" if offer["expired"] else ""
    recipient = offer["recipient"]
    return (
        f"{' and '.join(offer['what'])} to {recipient['name']} ({recipient['index']})"
        f" until {offer['deadline']}{ended}"
    )


def _holders(title: Document) -> tuple[Document, str]:
    holder, made_out = title["possessor"], title["titleholder"]
    words = f"held by {holder['name']}"
    words += ", in blank" if made_out is None else f", made out to {made_out['name']}"
    return {"possessor": holder, "titleholder": made_out}, words


def _on_offer(title: Document) -> tuple[Document, str]:
    offer = title["offer"]
    if offer is None:
        return {"offer": None}, "the offer has been answered already"
    return {"offer": offer}, f"on offer: {offer_in_words(offer)}"


def _looked_up(
    title: str, told: Callable[[Document], tuple[Document, str]], parcel: Sequel | None
) -> Sequel:
    def look(client: NodeClient, timeout: float) -> tuple[Document, str]:
        try:
            members, words = told(client.get(f"/v1/titles/{title}"))
        except Answered as refused:  # the act is done; the key may not cover the look
            members, words = {}, f"it cannot be looked up: {refused.detail}"
        if parcel is not None:
            more, sent = parcel(client, timeout)
            members, words = members | more, f"{words}\n  {sent}"
        return members, words

    return look
