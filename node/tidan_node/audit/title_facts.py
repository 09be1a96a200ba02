"""A title from the chain alone: its history from the events, held against contract and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.findings import ChainFault
from tidan_node.domain.history import FIRST_HEAD
from tidan_node.domain.identifiers import NO_PARTY, ZERO_32, PartyIndex, TitleId
from tidan_node.domain.standings import Standings
from tidan_node.domain.steps import HistoryBroken, Step
from tidan_node.domain.title_fold import TitleEvent, TitleState, fold_title
from tidan_node.domain.title_legality import illegal_acts
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call

_MEMBERS = (
    "issuer",
    "possessor",
    "titleholder",
    "offeree",
    "seq",
    "status",
    "kind",
    "offered",
    "deadline",
    "schema",
    "version",
)
"""Of TitleRecord, in the contract's order."""


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """The title as the chain has it up to a block, and what does not fit together there."""

    as_of: BlockRef
    steps: tuple[Step[TitleState], ...]
    faults: tuple[ChainFault, ...]

    @property
    def exists(self) -> bool:
        return bool(self.steps or self.faults)

    def steps_until(self, block: int) -> tuple[Step[TitleState], ...]:
        """The history as it was at a block."""
        return tuple(step for step in self.steps if step.origin.block_number <= block)


async def title_facts(chain: AuditedChain, title_id: TitleId) -> TitleFacts:
    """Everything about the title that needs nobody's word but the chain's."""
    as_of = await chain.head()
    about = await chain.events_about([title_id], as_of)
    try:
        # a record of another registry may have the same id, since ids are chosen freely
        steps = fold_title(each for each in about if isinstance(each.event, TitleEvent))
    except HistoryBroken as broken:
        return TitleFacts(as_of, (), (ChainFault("history-broken", broken.detail),))
    faults = await _against_the_contract(chain, title_id, steps, as_of)
    faults += await _against_the_rules(chain, steps, as_of)
    return TitleFacts(as_of, steps, tuple(faults))


async def _against_the_contract(
    chain: AuditedChain, title_id: TitleId, steps: Sequence[Step[TitleState]], as_of: BlockRef
) -> list[ChainFault]:
    """Were an event left out, the contract's record, or at the least its head, would differ."""
    state = steps[-1].after if steps else None
    kept: dict[str, object] = {}
    (record,) = await chain.view(Call("TitleRegistry", "titleOf", (title_id,)), as_of.number)
    kept |= dict(zip(_MEMBERS, record, strict=True))
    for name, function in (("head", "headOf"), ("contentRoot", "contentRootOf")):
        (kept[name],) = await chain.view(Call("TitleRegistry", function, (title_id,)), as_of.number)
    if state is not None:
        asked = Call("TitleRegistry", "titleOfSeries", (state.series,))
        (kept["titleOfSeries"],) = await chain.view(asked, as_of.number)
    told = _as_the_contract_keeps(state)
    return [
        ChainFault(
            "unlike-the-contract",
            f"{name}: {told[name]} by the events, {kept[name]} in the contract",
        )
        for name in kept
        if kept[name] != told[name]
    ]


def _as_the_contract_keeps(state: TitleState | None) -> Mapping[str, object]:
    if state is None:
        return dict.fromkeys(_MEMBERS, 0) | {"head": FIRST_HEAD, "contentRoot": ZERO_32}
    title, offer = state.title, state.title.offer
    return {
        "issuer": title.issuer,
        "possessor": title.possessor,
        "titleholder": title.titleholder,
        "offeree": offer.recipient if offer else NO_PARTY,
        "seq": title.seq,
        "status": int(title.status),
        "kind": int(title.kind),
        "offered": int(offer.what) if offer else 0,
        "deadline": offer.deadline if offer else 0,
        "schema": state.schema,
        "version": state.version,
        "head": state.head,
        "contentRoot": state.content_root,
        "titleOfSeries": title.title_id,
    }


async def _against_the_rules(
    chain: AuditedChain, steps: Sequence[Step[TitleState]], as_of: BlockRef
) -> list[ChainFault]:
    """Each act was allowed to who did it, as that party stood then."""
    parties = sorted(_parties_in(steps))
    standings = Standings(await chain.events_about([str(each) for each in parties], as_of))
    return [ChainFault(act.rule, act.detail, act.seq) for act in illegal_acts(steps, standings.at)]


def _parties_in(steps: Sequence[Step[TitleState]]) -> set[PartyIndex]:
    found: set[PartyIndex] = set()
    for step in steps:
        title = step.after.title
        found |= {step.act.actor, title.issuer, title.possessor, title.titleholder}
        if title.offer is not None:
            found.add(title.offer.recipient)
    return found - {NO_PARTY}
