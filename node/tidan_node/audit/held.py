"""The audit of the documents that a node holds: each must have the root that the chain has."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence

from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.findings import Audit, Fault
from tidan_node.audit.node import Answer, AuditedNode, is_id, listed
from tidan_node.domain.events import ChainEvent
from tidan_node.ledger.blocks import BlockRef

_BATCH = 20


async def audit_documents(
    chain: AuditedChain, node: AuditedNode, *, counted: Callable[[int, int | None], None]
) -> AsyncIterator[Audit]:
    """One audit for each document. The node computes the roots anew: nobody else may see the
    documents. One whose record the chain does not know is no fault only where an operation of the
    node on that record failed or goes on."""
    waiting: list[Answer] = []
    checked = 0
    async for each in listed(node, "/v1/audit/contents", key="record", limit=_BATCH):
        if each.item is None:
            place = "the first" if each.after is None else f"the one after {each.after}"
            yield Audit("document", place, await chain.head(), unanswered=each.failure)
            break
        another = bool(waiting) and waiting[-1].get("record") != each.item.get("record")
        if another and len(waiting) >= _BATCH:  # all documents of one record are looked at together
            for audit in await _audits(chain, waiting):
                yield audit
            checked += len(waiting)
            counted(checked, None)
            waiting = []
        waiting.append(each.item)
    for audit in await _audits(chain, waiting):
        yield audit


async def _audits(chain: AuditedChain, items: Sequence[Answer]) -> list[Audit]:
    records = sorted({str(item.get("record")) for item in items})
    as_of = await chain.head()
    roots = _roots(await chain.events_about([each for each in records if is_id(each)], as_of))
    held: dict[str, set[str]] = {}
    for item in items:
        held.setdefault(str(item.get("record")), set()).add(str(item.get("contentRoot")))
    return [_audit(item, as_of, strange=_strangeness(item, roots, held)) for item in items]


def _strangeness(
    item: Answer, roots: dict[str, set[str]], held: dict[str, set[str]]
) -> Fault | None:
    """A document whose record the chain does not know; or whose root the record never had, with
    none beside it whose root the record has."""
    record, root = str(item.get("record")), str(item.get("contentRoot"))
    if record not in roots:
        if item.get("unissued") is True:
            return None
        return Fault("document-of-no-record", "the chain has no such record")
    if roots[record] & held[record]:
        return None
    return Fault("document-of-another-root", f"the chain has no root {root} of this record")


def _audit(item: Answer, as_of: BlockRef, *, strange: Fault | None) -> Audit:
    record, root = str(item.get("record")), str(item.get("contentRoot"))
    recomputed, rule = item.get("recomputed"), item.get("rule")
    damage = []
    if rule is not None:
        damage.append(Fault("document-unreadable", f"the document kept under root {root}: {rule}"))
    elif recomputed != root:
        damage.append(
            Fault("document-altered", f"it has the root {recomputed}, not {root} as it should")
        )
    elif strange is not None:
        damage.append(strange)
    named = item.get("misnamed")
    for each in named if isinstance(named, list) else ():
        damage.append(Fault(str(each), f"the document has others than are kept with root {root}"))
    return Audit("document", record, as_of, damage=tuple(damage))


def _roots(events: Iterable[ChainEvent]) -> dict[str, set[str]]:
    """Every root that a record has had, from its issue and its endorsements."""
    found: dict[str, set[str]] = {}
    for each in events:
        root = getattr(each.event, "content_root", None)
        if root is not None:
            found.setdefault(str(getattr(each.event, "id", "")), set()).add(str(root))
    return found
