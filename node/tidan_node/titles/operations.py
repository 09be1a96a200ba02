"""What was intended with a title becomes a call of TitleRegistry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tidan_node.domain.titles import Issuance
from tidan_node.domain.titles.terms import packed
from tidan_node.ledger.calls import Call

Intent = Mapping[str, object]

ISSUE: Final = "title.issue"
OFFER: Final = "title.offer"
WITHDRAW: Final = "title.withdraw"
ACCEPT: Final = "title.accept"
DECLINE: Final = "title.decline"
SURRENDER_FOR_DELIVERY: Final = "title.surrender_for_delivery"
ACCEPT_SURRENDER: Final = "title.accept_surrender"
REJECT_SURRENDER: Final = "title.reject_surrender"


def issue_intent(issuance: Issuance, number: str, series: str) -> dict[str, object]:
    """An issuance as it is kept until it is signed: under the carrier's own numbers, of which the
    registry makes id and series."""
    return {
        "number": number,
        "series": series,
        "contentRoot": issuance.content_root,
        "possessor": int(issuance.possessor),
        "titleholder": int(issuance.titleholder),
        "kind": int(issuance.kind),
        "schema": issuance.schema,
        "version": issuance.version,
        "rulebook": issuance.rulebook,
    }


@dataclass(frozen=True, slots=True)
class TitleHandler:
    """One kind of operation on titles."""

    kind: str
    function: str
    arguments: Callable[[Intent], tuple[object, ...]]

    def call(self, intent: Intent) -> Call:
        return Call("TitleRegistry", self.function, self.arguments(intent))


def _issuance(intent: Intent) -> tuple[object, ...]:
    names = ("possessor", "titleholder", "kind", "schema", "version", "rulebook")
    terms = packed(*(int(str(intent[name])) for name in names))
    return ((intent["number"], intent["series"], intent["contentRoot"], terms),)


def _act(intent: Intent) -> tuple[object, ...]:
    return (intent["id"], intent["expectedSeq"])


def _offer(intent: Intent) -> tuple[object, ...]:
    return (*_act(intent), intent["recipient"], intent["what"], intent["deadline"])


def _rejection(intent: Intent) -> tuple[object, ...]:
    return (*_act(intent), intent["reason"])


HANDLERS: Final = (
    TitleHandler(ISSUE, "issue", _issuance),
    TitleHandler(OFFER, "offer", _offer),
    TitleHandler(WITHDRAW, "withdraw", _act),
    TitleHandler(ACCEPT, "accept", _act),
    TitleHandler(DECLINE, "decline", _act),
    TitleHandler(SURRENDER_FOR_DELIVERY, "surrenderForDelivery", _act),
    TitleHandler(ACCEPT_SURRENDER, "acceptSurrender", _act),
    TitleHandler(REJECT_SURRENDER, "rejectSurrender", _rejection),
)
