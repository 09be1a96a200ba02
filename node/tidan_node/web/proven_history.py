"""What an answer needs to prove its history: the head that the contract keeps, and every act as it
goes into that head."""

from __future__ import annotations

from typing import Annotated, Final, TypeVar

from fastapi import Query

from tidan_node.domain.identifiers import to_hex
from tidan_node.domain.record_problems import ContractRefused
from tidan_node.ledger.event_types import EventUnreadable
from tidan_node.ledger.gateway import ChainMoved
from tidan_node.ledger.rpc import ChainUnreachable, RpcError
from tidan_node.records.proving import HistoryDiffers, HistoryUnproven, Proven, Rows, prove
from tidan_node.records.records import Records
from tidan_node.records.registers import Register
from tidan_node.web.shapes import Shape
from tidan_node.web.state import NodeState

State = TypeVar("State")

ProofWanted = Annotated[
    bool,
    Query(description="Whether the history is to be held against the chain, and proven by it."),
]
PROVING: Final = (
    HistoryDiffers,
    HistoryUnproven,
    ChainMoved,
    ChainUnreachable,
    RpcError,
    ContractRefused,
    EventUnreadable,
)
"""The problems of an answer that is to prove itself."""


class HashedAct(Shape):
    """An act as `History.sol` hashes it: `head = keccak256(abi.encode(headBefore, act, seq, actor,
    time, detail))`."""

    act: int
    seq: int
    actor: int
    """The number of the party; 0 for a gateway or a pledgee."""
    time: int
    """The block's, in seconds."""
    detail: str
    head_before: str
    head: str


class HistoryProof(Shape):
    """The head of the record in its contract at a block, and the acts that make it."""

    block: int
    block_hash: str
    seq: int
    head: str
    acts: list[HashedAct]

    @classmethod
    def of(cls, proven: Proven[State] | None) -> HistoryProof | None:
        """None where no proof was asked for."""
        if proven is None:
            return None
        acts = [
            HashedAct(
                act=int(step.act.kind),
                seq=step.act.seq,
                actor=step.act.actor,
                time=step.act.time,
                detail=to_hex(step.act.detail),
                head_before=proven.heads[place],
                head=proven.heads[place + 1],
            )
            for place, step in enumerate(proven.steps)
        ]
        return cls(
            block=proven.held_against.number,
            block_hash=proven.held_against.hash,
            seq=len(acts),
            head=proven.heads[-1],
            acts=acts,
        )


async def proven_history(
    node: NodeState, register: Register[State], record: str, *, wanted: bool
) -> Proven[State] | None:
    """The history, proven, or the Problem why not; None where that is not wanted, or where there is
    no such record. The database is left alone while the chain is asked."""
    if not wanted:
        return None
    async with node.proofs:
        async with node.database.reading() as connection:
            records = Records(connection)
            kept = await records.kept_events(record, register)
            rows = Rows(record, kept, await records.as_of())
        proven = await prove(node.record_chain, register, rows)
    return proven if proven.steps else None
