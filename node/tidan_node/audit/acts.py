"""An act as audits list and export it: who did what to which record, where on the chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tidan_node.domain.chain_time import moment
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.domain.steps import Step


@dataclass(frozen=True, slots=True)
class AuditedAct:
    """One line of an export. Party numbers are those of the chain; `details` is what the event
    says beside them."""

    kind: str
    record: str
    seq: int
    act: str
    by: PartyIndex
    time: int
    block: int
    block_hash: str
    tx_hash: str
    head: str
    details: Mapping[str, object]

    @classmethod
    def of(
        cls,
        kind: str,
        record: str,
        step: Step[Any],  # Any: the state of any kind of record, of which only the head is asked
        details: Callable[[Step[Any]], Mapping[str, object]],
    ) -> AuditedAct:
        return cls(
            kind=kind,
            record=record,
            seq=step.act.seq,
            act=step.act.kind.name,
            by=step.act.actor,
            time=step.act.time,
            block=step.origin.block_number,
            block_hash=step.origin.block_hash,
            tx_hash=step.origin.tx_hash,
            head=step.after.head,
            details=details(step),
        )

    def document(self, names: Mapping[PartyIndex, str]) -> dict[str, object]:
        """The act as JSON. `bank` is whose pledge it is about: the event of a pledgee's own act
        names nobody else."""
        bank = self.details.get("bank")
        return {
            "kind": self.kind,
            "record": self.record,
            "seq": self.seq,
            "act": self.act,
            "by": _named(self.by, names),
            "bank": _named(PartyIndex(bank), names) if isinstance(bank, int) else None,
            "at": moment(self.time),
            "block": self.block,
            "blockHash": self.block_hash,
            "txHash": self.tx_hash,
            "head": self.head,
            "details": dict(self.details),
        }


def _named(party: PartyIndex, names: Mapping[PartyIndex, str]) -> dict[str, object] | None:
    """Nobody for the act of a gateway or a pledgee, whom the details name."""
    if party == NO_PARTY:
        return None
    return {"index": int(party), "name": names.get(party, f"party {party}")}
