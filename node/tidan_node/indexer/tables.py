"""Tables of the chain as the node has seen it; all of them can be fetched again."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, UniqueConstraint

from tidan_node.storage.columns import ChainTime, Document, Hex20, Hex32, RowId
from tidan_node.storage.metadata import metadata

blocks = Table(
    "blocks",
    metadata,
    Column("chain_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", Hex32, nullable=False),
    Column("parent_hash", Hex32, nullable=False),
    Column("timestamp", ChainTime, nullable=False),
)

chain_events = Table(
    "chain_events",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("chain_id", BigInteger, nullable=False),
    Column("block_number", BigInteger, nullable=False),
    Column("block_hash", Hex32, nullable=False),
    Column("log_index", Integer, nullable=False),
    Column("tx_hash", Hex32, nullable=False),
    Column("block_time", ChainTime, nullable=False),
    Column("contract", Hex20, nullable=False),
    Column("name", String(64), nullable=False),
    # What it is about: the id of a title, invoice, policy or anchor, the index of a party, a
    # proposal, the Council.
    Column("record", String(66), nullable=False),
    Column("data", Document, nullable=False),
    UniqueConstraint("chain_id", "block_hash", "log_index"),
    Index(None, "chain_id", "record", "block_number", "log_index"),
    Index(None, "chain_id", "block_number"),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("chain_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("hash", Hex32, nullable=False),
)
