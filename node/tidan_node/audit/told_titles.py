"""What a node must say of a title, and what it does say."""

from __future__ import annotations

from collections.abc import Sequence

from tidan_node.audit.node import Answer
from tidan_node.audit.told import (
    Values,
    inner,
    parties,
    party_or_none,
    plain,
    sorted_names,
    told_moment,
)
from tidan_node.domain import events as told
from tidan_node.domain.chain_time import moment
from tidan_node.domain.reasons import SurrenderRefusal
from tidan_node.domain.steps import Step
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.titles import Offered


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
        "titleholder": party_or_none(title.titleholder),
        "offer.recipient": int(offer.recipient) if offer else None,
        "offer.what": _moved(offer.what) if offer else None,
        "offer.deadline": moment(offer.deadline) if offer else None,
        "contentRoot": state.content_root,
        "schema": state.schema,
        "version": state.version,
        "head": state.head,
        "issuedAt": moment(steps[0].act.time),
        "changedAt": moment(steps[-1].act.time),
    }


def told_title(answer: Answer) -> Values:
    """What the node's answer says of the same."""
    offer = inner(answer, "offer")
    return {
        **plain(answer, "id", "series", "status", "kind", "seq", "contentRoot"),
        **plain(answer, "schema", "version", "head"),
        **parties(answer, "issuer", "possessor", "titleholder"),
        "offer.recipient": inner(offer, "recipient").get("index"),
        "offer.what": sorted_names(offer.get("what")),
        "offer.deadline": told_moment(offer.get("deadline")),
        "issuedAt": told_moment(answer.get("issuedAt")),
        "changedAt": told_moment(answer.get("changedAt")),
    }


def title_details(step: Step[TitleState]) -> Values:
    """What an act says beside who did it."""
    match step.event:
        case told.TitleIssued() as issued:
            return {
                "possessor": int(issued.possessor),
                "titleholder": party_or_none(issued.titleholder),
                "kind": issued.kind.name,
                "contentRoot": issued.content_root,
                "series": issued.series,
            }
        case told.TitleOffered() as offered:
            return {
                "recipient": int(offered.recipient),
                "what": _moved(offered.what),
                "deadline": moment(offered.deadline),
            }
        case told.TitleTransferred() as transferred:
            return {
                "possessor": int(transferred.possessor),
                "titleholder": party_or_none(transferred.titleholder),
            }
        case told.SurrenderRequested() as requested:
            return {"pending": requested.pending.name}
        case told.SurrenderRejected() as rejected:
            known = rejected.reason in set(SurrenderRefusal)
            return {"reason": SurrenderRefusal(rejected.reason).name if known else rejected.reason}
        case _:
            return {}


def _moved(what: Offered) -> tuple[str, ...]:
    both = ((Offered.POSSESSION, "possession"), (Offered.TITLE, "title"))
    return tuple(name for flag, name in both if flag in what)
