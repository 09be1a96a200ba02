"""Who had control of a title when, and whose security it was, as its history tells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Document = dict[str, Any]  # Any: the JSON that a command printed

_ENDS = {"ACCEPT_SURRENDER", "VOID", "SWITCH_TO_PAPER", "END_AS_PAPER", "EXPORT"}
_MOVES = {"ISSUE", "ISSUE_FROM_PAPER", "ISSUE_SUCCESSOR", "ACCEPT", "ENDORSE"}


def holders(acts: Iterable[Document]) -> list[Document]:
    """The spans of control, oldest first; a title that has ended is held by nobody after."""
    spans: list[Document] = []
    for act in acts:
        place = _place(act)
        details = act["details"]
        if act["act"] in _ENDS:
            spans[-1]["until"] = place
        elif act["act"] in _MOVES:
            endorsed = spans[-1]["possessor"] if act["act"] == "ENDORSE" else None
            if spans:
                spans[-1]["until"] = place
            spans.append(
                {
                    "possessor": endorsed or details["possessor"],
                    "titleholder": details.get("titleholder"),
                    "from": place,
                    "until": None,
                }
            )
    return spans


def pledges(acts: Iterable[Document]) -> list[Document]:
    """The spans for which the title was pledged, oldest first. A transfer ends none of them, unless
    the pledgee has enforced its pledge by it."""
    spans: list[Document] = []
    enforced = False
    for act in acts:
        if act["act"] == "ACCEPT_PLEDGE":
            spans.append({"bank": act["details"]["bank"], "from": _place(act), "until": None})
        elif act["act"] == "RELEASE_PLEDGE" or (act["act"] == "ACCEPT" and enforced):
            spans[-1]["until"] = _place(act)
        enforced = act["act"] == "ENFORCE_PLEDGE"
    return spans


def _place(act: Document) -> Document:
    return {"block": act["block"], "transaction": act["txHash"], "at": act["at"]}
