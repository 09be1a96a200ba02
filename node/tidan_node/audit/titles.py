"""The audit of a title: its history rebuilt from the chain, and the node's answers held against it.

It needs no database, so that it can be run by whoever reaches the chain and a node.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.findings import Behind, Difference, TitleAudit
from tidan_node.audit.title_facts import TitleFacts, title_facts
from tidan_node.audit.told import Values, act_values, title_values, told_act, told_title
from tidan_node.domain.identifiers import TitleId
from tidan_node.domain.steps import Step
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.title_problems import TitleUnknown
from tidan_node.ledger.blocks import BlockRef

Steps = Sequence[Step[TitleState]]
Answer = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NodeAnswer:
    """What a node says of a title, as its HTTP API gives it.

    `title` and `history` are None where the node knows no such title; `as_of` is then the block
    that it stands at, from any other answer of it.
    """

    title: Answer | None
    history: Answer | None
    as_of: Answer | None = None


@dataclass(frozen=True, slots=True)
class _Stand:
    """The block that an answer says it was true at."""

    block: int
    hash: object


async def audit_title(chain: AuditedChain, title_id: TitleId, answer: NodeAnswer) -> TitleAudit:
    """The node's answer against the chain's own word. TitleUnknown where neither has the title.

    Each answer is held against the chain as it was at the block that the answer names: a node
    that has not read the newest blocks is behind, not false.
    """
    facts = await title_facts(chain, title_id)
    if not facts.exists and answer.title is None:
        raise TitleUnknown(f"neither chain nor node has a title {title_id}", field="title")
    stands = [_stand_of(answer, said) for said in (answer.title, answer.history)]
    forked = [await _is_elsewhere(chain, stand, facts.as_of) for stand in stands]
    title_stand, history_stand = stands
    differences = [
        *_of_title(facts, title_id, answer.title, title_stand),
        *_of_history(facts, answer.history, history_stand),
    ]
    return TitleAudit(
        title_id=title_id,
        as_of=facts.as_of,
        steps=facts.steps,
        differences=tuple(differences),
        faults=facts.faults,
        behind=_behind(facts, title_stand),
        forked=any(forked),
    )


def _stand_of(answer: NodeAnswer, said: Answer | None) -> _Stand | None:
    as_of = answer.as_of if said is None else said.get("asOf")
    if not isinstance(as_of, Mapping):
        return None
    block = as_of.get("block")
    return _Stand(block, as_of.get("hash")) if type(block) is int else None


async def _is_elsewhere(chain: AuditedChain, stand: _Stand | None, head: BlockRef) -> bool:
    """The head was asked for after the node: a block above it is none of this chain either."""
    if stand is None:
        return False
    there = await chain.block(stand.block) if 0 <= stand.block <= head.number else None
    return there is None or there.hash != stand.hash


def _behind(facts: TitleFacts, stand: _Stand | None) -> Behind | None:
    """Only where it matters: a node may miss blocks in which nothing happened to the title."""
    if stand is None:
        return None
    unseen = len(facts.steps) - len(facts.steps_until(stand.block))
    return Behind(facts.as_of.number - stand.block, unseen) if unseen else None


def _of_title(
    facts: TitleFacts, title_id: TitleId, said: Answer | None, stand: _Stand | None
) -> Iterator[Difference]:
    if said is not None and stand is None:
        yield Difference("asOf", facts.as_of.number, None)
    steps = facts.steps if stand is None else facts.steps_until(stand.block)
    if said is None:
        if steps:
            yield Difference("title", f"issued in block {steps[0].origin.block_number}", None)
        return
    if not steps:
        yield Difference("title", None, title_id)
        return
    yield from _differences("", title_values(steps), told_title(said))


def _of_history(
    facts: TitleFacts, said: Answer | None, stand: _Stand | None
) -> Iterator[Difference]:
    steps = facts.steps if stand is None else facts.steps_until(stand.block)
    if said is None or not steps:
        return  # said of the title already
    last = steps[-1].after
    yield from _differences(
        "history.",
        {"title": last.title.title_id, "head": last.head},
        {"title": said.get("title"), "head": said.get("head")},
    )
    yield from _of_acts(steps, _acts_in(said))


def _of_acts(steps: Steps, acts: Sequence[Answer]) -> Iterator[Difference]:
    """Missing and invented acts first, then the order, then each act that both sides have."""
    expected = {step.act.seq: step for step in steps}
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
            values = act_values(found)
            said = told_act(act, list(values))
            yield from _differences(f"history.acts[{found.act.seq}].", values, said)


def _seq_of(act: Answer) -> int:
    """0, which no act has, where it says none."""
    seq = act.get("seq")
    return seq if type(seq) is int else 0


def _acts_in(said: Answer) -> list[Answer]:
    acts = said.get("acts")
    return [act for act in acts if isinstance(act, Mapping)] if isinstance(acts, list) else []


def _differences(prefix: str, chain: Values, node: Values) -> Iterator[Difference]:
    for name, value in chain.items():
        if type(value) is not type(node[name]) or value != node[name]:
            yield Difference(prefix + name, value, node[name])
