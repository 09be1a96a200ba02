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
from tidan_node.domain import title_events as told
from tidan_node.domain.chain_time import moment
from tidan_node.domain.steps import Step
from tidan_node.domain.title_endings import ending_details
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.titles import Offered
from tidan_node.domain.titles.pledges import bank_of


def title_values(steps: Sequence[Step[TitleState]]) -> Values:
    """What `GET /v1/titles/{id}` must say after these acts."""
    state = steps[-1].after
    title, offer, proposal = state.title, state.title.offer, state.title.proposal
    return {
        "id": title.title_id,
        "series": state.series,
        "status": title.status.name,
        "kind": title.kind.name,
        "seq": title.seq,
        "issuer": int(title.issuer),
        "possessor": party_or_none(title.possessor),
        "titleholder": party_or_none(title.titleholder),
        "offer.recipient": int(offer.recipient) if offer else None,
        "offer.what": _moved(offer.what) if offer else None,
        "offer.deadline": moment(offer.deadline) if offer else None,
        "offer.consented": offer.consented if offer else None,
        "offer.enforced": offer.enforced if offer else None,
        "proposal.pledgee": proposal.pledgee if proposal else None,
        "proposal.deadline": moment(proposal.deadline) if proposal else None,
        "pledge.pledgee": title.pledgee,
        "gateway": title.gateway,
        "rulebook": state.rulebook,
        "contentRoot": state.content_root,
        "schema": state.schema,
        "version": state.version,
        "head": state.head,
        "issuedAt": moment(steps[0].act.time),
        "changedAt": moment(steps[-1].act.time),
    }


def told_title(answer: Answer) -> Values:
    """What the node's answer says of the same."""
    offer, proposal = inner(answer, "offer"), inner(answer, "proposal")
    return {
        **plain(answer, "id", "series", "status", "kind", "seq", "contentRoot"),
        **plain(answer, "schema", "version", "head", "gateway", "rulebook"),
        **parties(answer, "issuer", "possessor", "titleholder"),
        "offer.recipient": inner(offer, "recipient").get("index"),
        "offer.what": sorted_names(offer.get("what")),
        "offer.deadline": told_moment(offer.get("deadline")),
        "offer.consented": offer.get("consented"),
        "offer.enforced": offer.get("enforced"),
        "proposal.pledgee": proposal.get("pledgee"),
        "proposal.deadline": told_moment(proposal.get("deadline")),
        "pledge.pledgee": inner(answer, "pledge").get("pledgee"),
        "issuedAt": told_moment(answer.get("issuedAt")),
        "changedAt": told_moment(answer.get("changedAt")),
    }


def title_details(step: Step[TitleState]) -> Values:
    """What an act says beside who did it."""
    event = step.event
    if isinstance(event, told.TitleBegun | told.TitleImported):
        return _beginning(event)
    if isinstance(event, told.OfferEvent):
        return _of_offers(event)
    if isinstance(event, told.PledgeEvent):
        return _of_pledges(event)
    return ending_details(event)


def _beginning(event: told.TitleBegun | told.TitleImported) -> Values:
    stated: Values = {
        "possessor": int(event.possessor),
        "titleholder": party_or_none(event.titleholder),
        "kind": event.kind.name,
        "contentRoot": event.content_root,
        "series": event.series,
    }
    match event:
        case told.TitleIssuedFromPaper():
            return {**stated, "withdrawal": event.withdrawal}
        case told.SuccessorIssued():
            return {**stated, "origins": tuple(event.origins)}
        case told.TitleImported():
            crossing = {"gateway": event.gateway, "transfer": event.transfer}
            return {**stated, **crossing, "issuer": int(event.issuer)}
        case _:
            return stated


def _of_offers(event: told.OfferEvent) -> Values:
    match event:
        case told.TitleOffered():
            return {
                "recipient": int(event.recipient),
                "what": _moved(event.what),
                "deadline": moment(event.deadline),
            }
        case told.TitleTransferred():
            return {
                "possessor": int(event.possessor),
                "titleholder": party_or_none(event.titleholder),
                "kind": event.kind.name,
            }
        case told.TitleEndorsed():
            return {"titleholder": party_or_none(event.titleholder), "kind": event.kind.name}
        case _:
            return {}


def _of_pledges(event: told.PledgeEvent) -> Values:
    pledgee: Values = {
        "pledgee": event.pledgee,
        "bank": party_or_none(bank_of(event.pledgee)),
    }
    match event:
        case told.PledgeProposed():
            return {**pledgee, "deadline": moment(event.deadline)}
        case told.PledgeEnforced():
            return {
                **pledgee,
                "recipient": int(event.recipient),
                "what": _moved(event.what),
                "deadline": moment(event.deadline),
            }
        case _:
            return pledgee


def _moved(what: Offered) -> tuple[str, ...]:
    """In the order of the alphabet, which `sorted_names` brings an answer's into."""
    named = ((Offered.FINAL, "final"), (Offered.POSSESSION, "possession"), (Offered.TITLE, "title"))
    return tuple(name for flag, name in named if flag in what)
