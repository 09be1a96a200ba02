"""A policy's history held against the rules of `policies`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tidan_node.domain.events import PolicyAssigned, PolicyCancelled, PolicyEndorsed, PolicyIssued
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.legality import IllegalAct, StandingAt, judged
from tidan_node.domain.parties import Standing
from tidan_node.domain.policies import Policy, PolicyTerms
from tidan_node.domain.record_fold import PolicyState
from tidan_node.domain.steps import HistoryBroken, Step


def policy_legality(
    steps: Iterable[Step[PolicyState]], standing_at: StandingAt
) -> Iterator[IllegalAct]:
    """Every act of the history that the rules would have refused, each judged on what came before.

    That an id was used twice is not to be seen in one policy's history.
    """
    return judged(
        "policy",
        steps,
        lambda state: state.policy,
        lambda before, step: _by_the_rules(before, step, standing_at),
    )


def _by_the_rules(
    before: Policy | None, step: Step[PolicyState], standing_at: StandingAt
) -> Policy:
    def standing(party: PartyIndex) -> Standing:
        return standing_at(party, step.origin)

    event, now = step.event, step.act.time
    if isinstance(event, PolicyIssued):
        return Policy.issue(
            _terms(event),
            insurer=standing(event.insurer),
            insured=standing(event.insured),
            taken=False,
            now=now,
        )
    if before is None:
        raise HistoryBroken("the history does not begin with the policy's issue")
    caller, seen = standing(step.act.actor), before.seq
    match event:
        case PolicyEndorsed():
            return before.endorse(
                event.content_root, event.version, caller=caller, expected_seq=seen, now=now
            )
        case PolicyAssigned():
            return before.assign(
                caller=caller, loss_payee=standing(event.loss_payee), expected_seq=seen, now=now
            )
        case PolicyCancelled():
            return before.cancel(caller=caller, expected_seq=seen, now=now)
        case _:
            raise HistoryBroken(f"{type(event).__name__} is no event of a policy")


def _terms(event: PolicyIssued) -> PolicyTerms:
    return PolicyTerms(
        policy_id=event.id,
        content_root=event.content_root,
        expires=event.expires,
        schema=event.schema,
        version=event.version,
    )
