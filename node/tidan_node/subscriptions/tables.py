"""Webhooks with how far each was delivered, and the blocks that the chain has left."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table

from tidan_node.storage.columns import Document, Hex32, UtcDateTime
from tidan_node.storage.metadata import metadata

parted_blocks = Table(
    "parted_blocks",
    metadata,
    Column("chain_id", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", Hex32, primary_key=True),
    # The last block that the chain, as it is now, shares with the one that had this block.
    Column("parted_at", BigInteger, nullable=False),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("url", String(2048), nullable=False),
    # None: all of them.
    Column("types", Document),
    Column("records", Document),
    # As it is, since each delivery is signed with it: who reads this database reads documents too.
    Column("secret", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # The event after which the next one is due, in the commit that notes that it was taken.
    Column("position", String(120), nullable=False),
    # The number of the alarm after which the next one is due.
    Column("alarm", BigInteger, nullable=False, server_default="0"),
    Column("delivered", BigInteger, nullable=False),
    Column("delivered_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcDateTime),
    Column("next_attempt_at", UtcDateTime),
    Column("problem", String(64)),
    Column("disabled_at", UtcDateTime),
    Column("disabled_reason", String(64)),
)
