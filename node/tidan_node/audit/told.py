"""A node's answers, flattened to named values; and what they should be. Both sides are alike.

An answer is anybody's JSON: whatever of it is missing or of another kind reads as None, which no
value of the chain is unless nothing is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from tidan_node.domain import events as told
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.domain.reasons import SurrenderRefusal
from tidan_node.domain.steps import Step
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.titles import Offered

Values = Mapping[str, object]
_LAST_SECOND: Final = 253_402_300_799


def title_values(steps: Sequence[Step[TitleState]]) -> Values:
    """What `GET /v1/titles/{id}` must say after these acts."""
    state = steps[-1].after
    title, offer = state.title, state.title.offer
    return {
        "id": title.title_id,
        "series": state.series,
        "status": title.status.name,
        "kind": title.kind.name,
        "seq": title.seq,
        "issuer": int(title.issuer),
        "possessor": int(title.possessor),
        "titleholder": _party(title.titleholder),
        "offer.recipient": int(offer.recipient) if offer else None,
        "offer.what": _moved(offer.what) if offer else None,
        "offer.deadline": _moment(offer.deadline) if offer else None,
        "contentRoot": state.content_root,
        "schema": state.schema,
        "version": state.version,
        "head": state.head,
        "issuedAt": _moment(steps[0].act.time),
        "changedAt": _moment(steps[-1].act.time),
    }


def told_title(answer: Mapping[str, object]) -> Values:
    """What the node's answer says of the same."""
    offer = _inner(answer, "offer")
    return {
        **{
            name: answer.get(name)
            for name in (
                "id",
                "series",
                "status",
                "kind",
                "seq",
                "contentRoot",
                "schema",
                "version",
                "head",
            )
        },
        **{name: _inner(answer, name).get("index") for name in ("issuer", "possessor")},
        "titleholder": _inner(answer, "titleholder").get("index"),
        "offer.recipient": _inner(offer, "recipient").get("index"),
        "offer.what": _names(offer.get("what")),
        "offer.deadline": _told_moment(offer.get("deadline")),
        "issuedAt": _told_moment(answer.get("issuedAt")),
        "changedAt": _told_moment(answer.get("changedAt")),
    }


def act_values(step: Step[TitleState]) -> Values:
    """What `GET /v1/titles/{id}/history` must say of one act."""
    return {
        "act": step.act.kind.name,
        "by": int(step.act.actor),
        "at": _moment(step.act.time),
        "block": step.origin.block_number,
        "blockHash": step.origin.block_hash,
        "txHash": step.origin.tx_hash,
        "head": step.after.head,
        **{f"details.{name}": value for name, value in _details(step).items()},
    }


def told_act(act: Mapping[str, object], names: Sequence[str]) -> Values:
    """What the node's history says of the same, under these names."""
    details = _inner(act, "details")
    found: dict[str, object] = {}
    for name in names:
        place, _, member = name.partition(".")
        value = details.get(member) if place == "details" else act.get(name)
        if name in ("at", "details.deadline"):
            value = _told_moment(value)
        elif name == "details.what":
            value = _names(value)
        elif isinstance(value, Mapping):
            value = value.get("index")
        found[name] = value
    return found


def _details(step: Step[TitleState]) -> Values:
    match step.event:
        case told.TitleIssued() as issued:
            return {
                "possessor": int(issued.possessor),
                "titleholder": _party(issued.titleholder),
                "kind": issued.kind.name,
                "contentRoot": issued.content_root,
                "series": issued.series,
            }
        case told.TitleOffered() as offered:
            return {
                "recipient": int(offered.recipient),
                "what": _moved(offered.what),
                "deadline": _moment(offered.deadline),
            }
        case told.TitleTransferred() as transferred:
            return {
                "possessor": int(transferred.possessor),
                "titleholder": _party(transferred.titleholder),
            }
        case told.SurrenderRequested() as requested:
            return {"pending": requested.pending.name}
        case told.SurrenderRejected() as rejected:
            known = rejected.reason in set(SurrenderRefusal)
            return {"reason": SurrenderRefusal(rejected.reason).name if known else rejected.reason}
        case _:
            return {}


def _party(party: PartyIndex) -> int | None:
    return None if party == NO_PARTY else int(party)


def _moved(what: Offered) -> tuple[str, ...]:
    both = ((Offered.POSSESSION, "possession"), (Offered.TITLE, "title"))
    return tuple(name for flag, name in both if flag in what)


def _moment(seconds: int) -> str:
    """Chain time as answers write it; the chain counts on past the year 9999, calendars do not."""
    moment = datetime.fromtimestamp(min(seconds, _LAST_SECOND), UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _told_moment(value: object) -> object:
    """A moment in the form of `_moment`, however it was written; what is none stays as it is."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None or moment.tzinfo is None:
            return value
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        return value


def _inner(answer: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = answer.get(name)
    return value if isinstance(value, Mapping) else {}


def _names(value: object) -> object:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(sorted(value))
    return value
