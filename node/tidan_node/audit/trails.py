"""The audit of a node's trail: every entry hashed anew, and held against the chain's anchors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from tidan_node.audit.anchors import Anchors, anchors_of
from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.findings import Audit, Difference, Fault
from tidan_node.audit.node import Answer, AuditedNode, listed
from tidan_node.audit.told import inner
from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex
from tidan_node.ledger.calls import Call
from tidan_node.trail.entries import Scalar, TrailEntry
from tidan_node.trail.verification import BrokenLink, Verifier
from tidan_node.trail.verification import Fault as LinkFault

_ACCOUNT: Final = re.compile(r"0x[0-9a-f]{40}")
Counted = Callable[[int, int | None], None]
Entry = Callable[[Answer], None]


@dataclass(frozen=True, slots=True)
class TrailAudit:
    """How a trail came out, and how much of it the chain confirms."""

    audit: Audit
    party: PartyIndex | None
    entries: int
    anchored_up_to: int
    anchors: int
    head: str

    def document(self) -> dict[str, object]:
        return {
            **self.audit.document(),
            "party": None if self.party is None else int(self.party),
            "entries": self.entries,
            "anchoredUpTo": self.anchored_up_to,
            "anchors": self.anchors,
            "trailHead": self.head,
        }


def _nobody(_: Answer) -> None:
    """Nobody wants to see the entries."""


async def audit_trail(
    chain: AuditedChain,
    node: AuditedNode,
    *,
    counted: Counted,
    entry: Entry = _nobody,
    account: str | None = None,
) -> TrailAudit:
    """The anchors are read before the trail: whatever is anchored must then be in it. They are
    those of the party that the chain lists for `account`, where who audits knows it of the node,
    and for the account that the node tells otherwise."""
    reply = await node.get("/v1/me")
    me = reply.answer or {}
    told_account = str(me.get("account"))
    index = None if account is None else await _party_of(chain, account)
    if index is None:
        index = await _party_of(chain, told_account)
    differences = []
    if reply.answer is not None:
        differences = await _other_party(chain, told_account, inner(me, "party"), index)
    anchors = None if index is None else (await anchors_of(chain, [index]))[index]
    verifier = Verifier(anchors={} if anchors is None else anchors.checkpoints)
    await _take(node, verifier, anchors, counted=counted, entry=entry)
    broken = verifier.finish()
    audit = Audit(
        kind="trail",
        record=told_account if index is None else str(index),
        as_of=await chain.head() if anchors is None else anchors.as_of,
        differences=tuple(differences),
        faults=() if anchors is None else anchors.faults,
        damage=() if broken is None else (_damage(broken),),
        unanswered=reply.refusal,
    )
    return TrailAudit(
        audit=audit,
        party=index,
        entries=verifier.checked,
        anchored_up_to=verifier.anchored_up_to,
        anchors=len(verifier.anchors),
        head=verifier.last.hash,
    )


async def _other_party(
    chain: AuditedChain, account: str, said: Answer, index: PartyIndex | None
) -> list[Difference]:
    """Without a party there are no anchors, and a trail that nobody confirms is none to believe."""
    if index is None:
        return [Difference("account", "that of an enrolled party", account)]
    found = []
    if await _party_of(chain, account) != index:
        found.append(Difference("account", f"one of party {index}", account))
    if said.get("index") != index:
        found.append(Difference("party", index, said.get("index")))
    return found


async def _party_of(chain: AuditedChain, account: str) -> PartyIndex | None:
    """Whose account this is, by the registry: a node may not say that it is somebody else's."""
    if not _ACCOUNT.fullmatch(account):
        return None
    as_of = await chain.head()
    call = Call("PartyRegistry", "indexOf", (Address(account),))
    ((index,),) = await chain.views([call], as_of.number)
    return None if index == NO_PARTY else PartyIndex(cast(int, index))


async def _take(
    node: AuditedNode,
    verifier: Verifier,
    anchors: Anchors | None,
    *,
    counted: Counted,
    entry: Entry,
) -> None:
    expected = max(anchors.checkpoints, default=None) if anchors else None
    async for each in listed(node, "/v1/trail/sealed", key="seq"):
        if each.item is None:
            seq = verifier.last.seq + 1
            verifier.broken = BrokenLink(
                seq, None, LinkFault.ALTERED, f"it cannot be read ({each.failure})"
            )
            return
        verifier.take([_entry(each.item)])
        if verifier.broken is not None:
            return
        entry(each.item)
        counted(verifier.checked, expected)


def _damage(broken: BrokenLink) -> Fault:
    which = f"entry {broken.entry_id}, " if broken.entry_id is not None else ""
    return Fault(str(broken.fault), f"{which}seq {broken.seq}: {broken.detail}", broken.seq)


def _entry(item: Answer) -> TrailEntry:
    """As the node says it; what is not of its form has no hash that it could match."""
    detail = item.get("detail")
    party, seq = item.get("party"), item.get("seq")
    return TrailEntry(
        entry_id=cast(int, item.get("id")),
        at=_at(item.get("at")),
        actor=str(item.get("actor")),
        party=PartyIndex(party) if isinstance(party, int) else None,
        act=str(item.get("act")),
        subject=str(item.get("subject")),
        detail=cast(Mapping[str, Scalar], detail if isinstance(detail, Mapping) else {}),
        seq=seq if isinstance(seq, int) else None,
        previous=str(item.get("previous")),
        hash=str(item.get("hash")),
    )


def _at(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    return moment if moment is not None and moment.tzinfo is not None else _LONG_AGO


_LONG_AGO = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
