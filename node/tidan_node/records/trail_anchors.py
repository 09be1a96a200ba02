"""A checkpoint of a party's trail as it stands on the chain."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import RowMapping

from tidan_node.domain.identifiers import PartyIndex, TxHash


@dataclass(frozen=True, slots=True)
class TrailCheckpoint:
    """The first `up_to` entries of the party's trail hash to `checkpoint`, since this block."""

    party: PartyIndex
    up_to: int
    checkpoint: str
    block_number: int
    block_time: int
    tx_hash: TxHash


def checkpoint_of(row: RowMapping) -> TrailCheckpoint:
    return TrailCheckpoint(
        party=row["party"],
        up_to=row["up_to"],
        checkpoint=row["checkpoint"],
        block_number=row["block_number"],
        block_time=row["block_time"],
        tx_hash=row["tx_hash"],
    )
