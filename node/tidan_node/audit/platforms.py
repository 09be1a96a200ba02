"""The audit of recognised platforms: the chain's word on each anchor, and the node's against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eth_hash.auto import keccak

from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.facts import fault_of
from tidan_node.audit.findings import Audit, Difference, Fault
from tidan_node.audit.node import Answer, AuditedNode, Listed, listed
from tidan_node.audit.stands import behind, stand_of
from tidan_node.audit.told import differences
from tidan_node.audit.told_council import recognition_values, told_recognition
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import to_hex
from tidan_node.domain.platform_fold import PlatformEvent, advance_recognition
from tidan_node.domain.platforms import AnchorId, Recognition
from tidan_node.domain.steps import HistoryBroken
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call


async def audit_platforms(chain: AuditedChain, node: AuditedNode) -> list[Audit]:
    """Each anchor that was ever recognised. The node is asked first: what it then says can be older
    than what the chain says, never newer."""
    began = stand_of((await node.get("/v1/platforms", limit="1")).answer)
    told: dict[str, tuple[Answer, Answer]] = {}
    failed: list[Listed] = []
    async for each in listed(node, "/v1/platforms", key="anchor"):
        if each.item is None or each.page is None:
            failed.append(each)
        else:
            told[str(each.item.get("anchor"))] = each.item, each.page
    as_of = await chain.head()
    about = _by_anchor(await chain.events_by("PlatformRegistry", as_of))
    audits = []
    for each in failed:
        place = "the first" if each.after is None else f"the one after {each.after}"
        audits.append(Audit("platforms", place, as_of, unanswered=each.failure))
    for anchor in told.keys() - about.keys():
        never = Difference("recognition", None, anchor)
        audits.append(Audit("recognition", anchor, as_of, differences=(never,)))
    kept = await _kept(chain, list(about), as_of)
    for anchor, of_it in about.items():
        said, first = told.get(anchor), of_it[0].origin.block_number
        due = not failed and (began is None or first <= began.block)
        if said is not None or due:
            audits.append(await _audit(chain, (anchor, of_it, kept[anchor]), said, as_of))
    return audits


async def _audit(
    chain: AuditedChain,
    known: tuple[AnchorId, Sequence[ChainEvent], Mapping[str, object]],
    said: tuple[Answer, Answer] | None,
    as_of: BlockRef,
) -> Audit:
    anchor, events, kept = known
    now, broken = _folded(events)
    faults = [broken] if broken else []
    if now is not None:
        faults += _against_the_contract(now, kept)
    stand = None if said is None else stand_of(said[1])
    there = None if stand is None else (await chain.blocks([stand.block]))[0]
    if said is None or stand is None or there is None:
        missing = Difference("recognition", anchor, None)
        return Audit("recognition", anchor, as_of, differences=(missing,), faults=tuple(faults))
    then, _ = _folded([each for each in events if each.origin.block_number <= stand.block])
    values = {} if then is None else recognition_values(then, there.timestamp)
    return Audit(
        kind="recognition",
        record=anchor,
        as_of=as_of,
        faults=tuple(faults),
        differences=tuple(differences("", values, told_recognition(said[0]))),
        behind=behind(events, stand, as_of),
        forked=there.hash != stand.hash,
    )


def _by_anchor(events: Sequence[ChainEvent]) -> dict[AnchorId, list[ChainEvent]]:
    found: dict[AnchorId, list[ChainEvent]] = {}
    for each in events:
        if isinstance(each.event, PlatformEvent):
            found.setdefault(each.event.anchor_id, []).append(each)
    return found


def _folded(events: Sequence[ChainEvent]) -> tuple[Recognition | None, Fault | None]:
    state: Recognition | None = None
    try:
        for each in events:
            state = advance_recognition(state, each)
    except HistoryBroken as broken:
        return None, fault_of(broken)
    return state, None


async def _kept(
    chain: AuditedChain, anchors: Sequence[AnchorId], as_of: BlockRef
) -> dict[AnchorId, Mapping[str, object]]:
    calls = [Call("PlatformRegistry", "recognitionOf", (anchor,)) for anchor in anchors]
    members = ("kind", "roles", "expiresAt", "withdrawn", "actsHash")
    answers = await chain.views(calls, as_of.number)
    return {
        anchor: dict(zip(members, record, strict=True))
        for anchor, (record,) in zip(anchors, answers, strict=True)
    }


def _against_the_contract(state: Recognition, kept: Mapping[str, object]) -> list[Fault]:
    told = {
        "kind": int(state.kind),
        "roles": int(state.roles),
        "expiresAt": state.expires_at,
        "withdrawn": state.withdrawn,
        "actsHash": to_hex(keccak(state.acts.encode())),
    }
    return [
        Fault("unlike-the-contract", f"{name}: {told[name]} by the events, {there} in the contract")
        for name, there in kept.items()
        if told[name] != there
    ]
