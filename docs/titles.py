"""Writes what the specification says into `docs/titles.md`. `python docs/titles.py`.

The diagram and the table of acts are the specification's own table; what DCSA's endorsement chain
has for each act stands here, so that none can be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Final

from tidan_node.domain.titles.terms import TitleAct, TitleStatus
from tidan_node.domain.titles.transitions import TERMINAL, TRANSITIONS, Transition

SOURCE = Path(__file__)
PAGE = SOURCE.with_suffix(".md")

_CARRIER: Final = "the carrier"
_GIVER: Final = "who possessed it before"
_SELF: Final = "who endorses"

# what came of it, code, actor, recipient (DCSA EBL_END 3.0.4, `actionCode`)
Entry = tuple[str, str, str, str]
DCSA: Final[Mapping[TitleAct, tuple[Entry, ...]]] = {
    TitleAct.ISSUE: (("", "ISSUE", _CARRIER, "the first possessor"),),
    TitleAct.ISSUE_FROM_PAPER: (("", "ISSUE", _CARRIER, "the first possessor"),),
    TitleAct.ISSUE_SUCCESSOR: (
        ("in a chain of its own", "ISSUE", _CARRIER, "who possessed its origin"),
    ),
    TitleAct.ACCEPT: (
        ("of possession", "TRANSFER", _GIVER, "who accepts"),
        ("of the title", "ENDORSE_TO_ORDER", _GIVER, "who accepts"),
        ("of the title, as the last titleholder", "ENDORSE", _GIVER, "who accepts"),
        ("of both: two entries of one time", "ENDORSE…, TRANSFER", _GIVER, "who accepts"),
    ),
    TitleAct.ENDORSE: (
        ("in blank", "BLANK_ENDORSE", _SELF, "nobody"),
        ("to its order", "ENDORSE_TO_ORDER", _SELF, _SELF),
        ("to its order alone", "ENDORSE", _SELF, _SELF),
    ),
    TitleAct.SURRENDER_FOR_DELIVERY: (("", "SURRENDER_FOR_DELIVERY", "the possessor", _CARRIER),),
    TitleAct.SURRENDER_FOR_AMENDMENT: (("", "SURRENDER_FOR_AMENDMENT", "the possessor", _CARRIER),),
    TitleAct.ACCEPT_SURRENDER: (("", "SURRENDERED", _CARRIER, "nobody"),),
    TitleAct.VOID: (("", "SURRENDERED", _CARRIER, "nobody"),),
    TitleAct.SWITCH_TO_PAPER: (("", "SURRENDERED", _CARRIER, "nobody"),),
}
NO_ENTRY: Final = (
    TitleAct.OFFER,
    TitleAct.WITHDRAW,
    TitleAct.DECLINE,
    TitleAct.REJECT_SURRENDER,
    TitleAct.CANCEL_SURRENDER,
    TitleAct.PROPOSE_PLEDGE,
    TitleAct.ACCEPT_PLEDGE,
    TitleAct.DECLINE_PLEDGE,
    TitleAct.CONSENT,
    TitleAct.RELEASE_PLEDGE,
    TitleAct.ENFORCE_PLEDGE,
    TitleAct.END_AS_PAPER,
    TitleAct.LOCK,
    TitleAct.EXPORT,
    TitleAct.RETURN,
    TitleAct.IMPORT,
)
"""Acts that DCSA's chain has no code for."""


def page(committed: str) -> str:
    """The page with its generated parts written anew."""
    for name, part in {"states": states(), "acts": acts(), "dcsa": dcsa()}.items():
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        committed = marked.sub(lambda found, part=part: f"{found[1]}{part}\n{found[2]}", committed)
    return committed


def states() -> str:
    """The diagram: arrows between states; what leaves a title in its state stands beside that."""
    arrows: dict[tuple[TitleStatus, TitleStatus], list[TitleAct]] = {}
    for each in TRANSITIONS:
        named = arrows.setdefault((each.before, each.after), [])
        if each.act not in named:
            named.append(each.act)
    drawn = [
        f"    {_state(before)} --> {_state(after)} : {', '.join(map(_words, named))}"
        for (before, after), named in arrows.items()
        if before is not after
    ]
    ends = [f"    {end.name} --> [*]" for end in TERMINAL]
    notes = [
        line
        for (before, after), named in arrows.items()
        if before is after
        for line in _note(before, named)
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *drawn, *ends, *notes, "```"])


def acts() -> str:
    """The table of acts."""
    rows = [
        (str(act.value), _words(act), before, after.name, who, guard, f"`{event}`")
        for (act, after, who, guard, event), before in _merged()
    ]
    return _table(("no.", "act", "from", "to", "by whom", "guard", "event"), rows)


def dcsa() -> str:
    """Which entries of DCSA's endorsement chain each act comes to."""
    rows = [
        (_words(act), when, f"`{code}`", actor, recipient)
        for act, entries in DCSA.items()
        for when, code, actor, recipient in entries
    ]
    rows.append((", ".join(map(_words, NO_ENTRY)), "", "none", "", ""))
    return _table(("act", "where", "`actionCode`", "`actor`", "`recipient`"), rows)


def _merged() -> Iterable[tuple[tuple[TitleAct, TitleStatus, str, str, str], str]]:
    """Rows that differ in the state before alone are one."""

    def row(each: Transition) -> tuple[TitleAct, TitleStatus, str, str, str]:
        return each.act, each.after, each.who, each.guard, each.event

    for told, group in groupby(TRANSITIONS, row):
        yield told, ", ".join("—" if each.before is _NONE else each.before.name for each in group)


_NONE: Final = TitleStatus.NONE


def _note(state: TitleStatus, named: list[TitleAct]) -> list[str]:
    lines = [f"        {_words(act)}" for act in named]
    head = [f"    note right of {state.name}", f"        it stays {state.name}:"]
    return [*head, *lines, "    end note"]


def _state(status: TitleStatus) -> str:
    return "[*]" if status is _NONE else status.name


def _words(act: TitleAct) -> str:
    return act.name.lower().replace("_", " ")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
