"""What was intended with a title becomes a call of TitleRegistry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from tidan_node.domain.titles import Issuance
from tidan_node.domain.titles.terms import packed
from tidan_node.ledger.calls import Call

Intent = Mapping[str, object]

ISSUE: Final = "title.issue"
ISSUE_BATCH: Final = "title.issue_batch"
ISSUE_FROM_PAPER: Final = "title.issue_from_paper"
OFFER: Final = "title.offer"
WITHDRAW: Final = "title.withdraw"
ACCEPT: Final = "title.accept"
DECLINE: Final = "title.decline"
ENDORSE: Final = "title.endorse"
PROPOSE_PLEDGE: Final = "title.propose_pledge"
ACCEPT_PLEDGE: Final = "title.accept_pledge"
DECLINE_PLEDGE: Final = "title.decline_pledge"
CONSENT: Final = "title.consent"
RELEASE_PLEDGE: Final = "title.release_pledge"
ENFORCE_PLEDGE: Final = "title.enforce_pledge"
SURRENDER_FOR_DELIVERY: Final = "title.surrender_for_delivery"
SURRENDER_FOR_AMENDMENT: Final = "title.surrender_for_amendment"
CANCEL_SURRENDER: Final = "title.cancel_surrender"
ACCEPT_SURRENDER: Final = "title.accept_surrender"
REJECT_SURRENDER: Final = "title.reject_surrender"
AMEND: Final = "title.amend"
SPLIT: Final = "title.split"
COMBINE: Final = "title.combine"
SWITCH_BILL: Final = "title.switch_bill"
SWITCH_TO_PAPER: Final = "title.switch_to_paper"
END_AS_PAPER: Final = "title.end_as_paper"
LOCK: Final = "title.lock"
RELAY: Final = "title.relay"


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


def _stated(intent: object) -> tuple[object, ...]:
    """An issuance as the ABI has it: its small fields in one word."""
    members = cast(Intent, intent)
    names = ("possessor", "titleholder", "kind", "schema", "version", "rulebook")
    terms = packed(*(int(str(members[name])) for name in names))
    return (members["number"], members["series"], members["contentRoot"], terms)


def _all_stated(intents: object) -> list[tuple[object, ...]]:
    return [_stated(each) for each in cast(Sequence[object], intents)]


def _act(intent: Intent) -> tuple[object, ...]:
    return (intent["id"], intent["expectedSeq"])


def _with(*names: str) -> Callable[[Intent], tuple[object, ...]]:
    """An act on a title with these members of its intent, in the order of the contract."""
    return lambda intent: (*_act(intent), *(intent[name] for name in names))


def _replacement(intent: Intent) -> tuple[object, ...]:
    return (*_act(intent), _stated(intent["successor"]), intent["reason"])


def _combination(intent: Intent) -> tuple[object, ...]:
    successor = _stated(intent["successor"])
    return (intent["ids"], intent["expectedSeqs"], successor, intent["reason"])


HANDLERS: Final = (
    TitleHandler(ISSUE, "issue", lambda intent: (_stated(intent),)),
    TitleHandler(ISSUE_BATCH, "issueBatch", lambda intent: (_all_stated(intent["issuances"]),)),
    TitleHandler(
        ISSUE_FROM_PAPER,
        "issueFromPaper",
        lambda intent: (_stated(intent), intent["withdrawal"]),
    ),
    TitleHandler(OFFER, "offer", _with("recipient", "what", "deadline")),
    TitleHandler(WITHDRAW, "withdraw", _act),
    TitleHandler(ACCEPT, "accept", _act),
    TitleHandler(DECLINE, "decline", _act),
    TitleHandler(ENDORSE, "endorse", _with("kind")),
    TitleHandler(PROPOSE_PLEDGE, "proposePledge", _with("pledgee", "deadline")),
    TitleHandler(ACCEPT_PLEDGE, "acceptPledge", _act),
    TitleHandler(DECLINE_PLEDGE, "declinePledge", _act),
    TitleHandler(CONSENT, "consent", _act),
    TitleHandler(RELEASE_PLEDGE, "releasePledge", _act),
    TitleHandler(ENFORCE_PLEDGE, "enforcePledge", _with("recipient", "deadline")),
    TitleHandler(SURRENDER_FOR_DELIVERY, "surrenderForDelivery", _act),
    TitleHandler(SURRENDER_FOR_AMENDMENT, "surrenderForAmendment", _with("reason")),
    TitleHandler(CANCEL_SURRENDER, "cancelSurrender", _act),
    TitleHandler(ACCEPT_SURRENDER, "acceptSurrender", _act),
    TitleHandler(REJECT_SURRENDER, "rejectSurrender", _with("reason")),
    TitleHandler(AMEND, "amend", _replacement),
    TitleHandler(
        SPLIT,
        "split",
        lambda intent: (*_act(intent), _all_stated(intent["successors"]), intent["reason"]),
    ),
    TitleHandler(COMBINE, "combine", _combination),
    TitleHandler(SWITCH_BILL, "switchBill", _replacement),
    TitleHandler(SWITCH_TO_PAPER, "switchToPaper", _with("reason")),
    TitleHandler(END_AS_PAPER, "endAsPaper", _act),
    TitleHandler(LOCK, "lock", _with("gateway", "transfer")),
    TitleHandler(
        RELAY,
        "relay",
        lambda intent: tuple(
            intent[name] for name in ("call", "signer", "validUntil", "signature")
        ),
    ),
)
