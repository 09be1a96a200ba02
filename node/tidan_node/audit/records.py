"""The audit of records: their histories rebuilt from the chain, the node's answers held against it.

It needs no database, so that it can be run by whoever reaches the chain and a node.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tidan_node.audit.acts import AuditedAct
from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.facts import Facts, facts_of
from tidan_node.audit.findings import UNREADABLE_EVENT, Audit, Behind, Difference
from tidan_node.audit.kinds import Kind
from tidan_node.audit.node import UNREADABLE, Answer, AuditedNode
from tidan_node.audit.stands import Stand, elsewhere, stand_of
from tidan_node.audit.told import act_values, differences, told_act
from tidan_node.audit.told_parties import told_terms

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class NodeAnswer:
    """What a node says of a record, as its HTTP API gives it.

    `record` and `history` are None where the node knows no such record; `as_of` is then the block
    that it stands at, from any other answer of it. `failure` is the problem that it failed with.
    """

    record: Answer | None
    history: Answer | None
    as_of: Answer | None = None
    failure: str | None = None


async def audit_records(
    chain: AuditedChain, node: AuditedNode, kind: Kind[State], records: Sequence[str]
) -> list[Audit]:
    """Each record against the chain's own word. The node is asked first: what it then says can be
    older than what the chain says, never newer."""
    said = [await answer_of(node, kind, record) for record in records]
    return await audit_answers(chain, kind, dict(zip(records, said, strict=True)))


async def answer_of(node: AuditedNode, kind: Kind[State], record: str) -> NodeAnswer:
    """All that the node says of a record."""
    shown = await node.get(f"/v1/{kind.collection}/{record}")
    history = await node.get(f"/v1/{kind.collection}/{record}/history")
    as_of = None
    if shown.answer is None and shown.failure is None:
        listed = (await node.get("/v1/parties", limit="1")).answer or {}
        found = listed.get("asOf")
        as_of = found if isinstance(found, Mapping) else None
    return NodeAnswer(shown.answer, history.answer, as_of, shown.failure or history.failure)


async def audit_answers(
    chain: AuditedChain, kind: Kind[State], said: Mapping[str, NodeAnswer]
) -> list[Audit]:
    """Each answer is held against the chain as it was at the block that the answer names: a node
    that has not read the newest blocks is behind, not false."""
    facts = await facts_of(chain, kind, list(said))
    stands = [
        stand
        for answer in said.values()
        for part in (answer.record, answer.history)
        if (stand := stand_of(part, answer.as_of)) is not None
    ]
    forks = await elsewhere(chain, stands, facts[0].as_of) if facts else set()
    return [_audit(kind, each, said[each.record], forks) for each in facts]


def _audit(kind: Kind[State], facts: Facts[State], answer: NodeAnswer, forks: set[Stand]) -> Audit:
    of_record = stand_of(answer.record, answer.as_of)
    of_history = stand_of(answer.history, answer.as_of)
    found = [
        *(() if answer.failure else _of_record(kind, facts, answer.record, of_record)),
        *_of_history(kind, facts, answer.history, of_history),
    ]
    return Audit(
        kind=kind.name,
        record=facts.record,
        as_of=facts.as_of,
        acts=tuple(
            AuditedAct.of(kind.name, facts.record, step, kind.details) for step in facts.steps
        ),
        head=facts.steps[-1].after.head if facts.steps else None,  # type: ignore[attr-defined]  # every state has one
        differences=tuple(found),
        faults=facts.faults,
        damage=() if answer.failure != UNREADABLE else (UNREADABLE_EVENT,),
        behind=_behind(facts, of_record),
        forked=bool({of_record, of_history} & forks),
        unanswered=answer.failure,
        names=facts.names,
    )


def _behind(facts: Facts[State], stand: Stand | None) -> Behind | None:
    """Only where it matters: a node may miss blocks in which nothing happened to the record."""
    if stand is None:
        return None
    unseen = len(facts.steps) - len(facts.steps_until(stand.block))
    return Behind(facts.as_of.number - stand.block, unseen) if unseen else None


def _of_record(
    kind: Kind[State], facts: Facts[State], said: Answer | None, stand: Stand | None
) -> Iterator[Difference]:
    if said is not None and stand is None:
        yield Difference("asOf", facts.as_of.number, None)
    steps = facts.steps if stand is None else facts.steps_until(stand.block)
    if said is None:
        if steps:
            began = f"{steps[0].act.kind.name} in block {steps[0].origin.block_number}"
            yield Difference(kind.name, began, None)
        return
    if not steps:
        yield Difference(kind.name, None, facts.record)
        return
    values, told = {**kind.values(steps), **facts.terms}, {**kind.told(said), **told_terms(said)}
    yield from differences("", values, told)


def _of_history(
    kind: Kind[State], facts: Facts[State], said: Answer | None, stand: Stand | None
) -> Iterator[Difference]:
    steps = facts.steps if stand is None else facts.steps_until(stand.block)
    if said is None or not steps:
        return  # said of the record already
    head = steps[-1].after.head  # type: ignore[attr-defined]  # every state has one
    yield from differences(
        "history.",
        {kind.name: facts.record, "head": head},
        {kind.name: said.get(kind.name), "head": said.get("head")},
    )
    expected = {step.act.seq: step for step in steps}
    acts = _acts_in(said)
    order = [_seq_of(act) for act in acts]
    for seq, step in expected.items():
        if seq not in order:
            what = f"{step.act.kind.name} by party {step.act.actor}"
            where = f"block {step.origin.block_number}"
            yield Difference(f"history.acts[{seq}]", f"{what} in {where}", None)
    for seq in dict.fromkeys(order):
        if seq not in expected:
            yield Difference(f"history.acts[{seq}]", None, "an act that the chain does not have")
    known = [seq for seq in order if seq in expected]
    if known != sorted(set(known)):
        yield Difference("history.order", sorted(set(known)), known)
    for act in acts:
        found = expected.get(_seq_of(act))
        if found is not None:
            values = act_values(found, kind.details)
            yield from differences(f"history.acts[{found.act.seq}].", values, told_act(act, values))


def _seq_of(act: Answer) -> int:
    """0, which no act has, where it says none."""
    seq = act.get("seq")
    return seq if type(seq) is int else 0


def _acts_in(said: Answer) -> list[Answer]:
    acts = said.get("acts")
    return [act for act in acts if isinstance(act, Mapping)] if isinstance(acts, list) else []
