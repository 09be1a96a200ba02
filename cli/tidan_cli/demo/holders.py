"""Who had control of a title when, as its history tells."""

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
        place = {"block": act["block"], "transaction": act["txHash"], "at": act["at"]}
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
