"""Tables of what the node wants to change on the chain, and of what it signed for it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from tidan_node.storage.columns import Document, Hex20, Hex32, UtcDateTime
from tidan_node.storage.metadata import metadata

operations = Table(
    "operations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("chain_id", BigInteger, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("target", String(128), nullable=False),
    Column("intent", Document, nullable=False),
    Column("account", Hex20, nullable=False),
    Column("status", String(16), nullable=False),
    Column("problem", Document),
    Column("result", Document),
    Column("deadline", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index(None, "status", "id"),
    Index(None, "target", "id"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("operation_id", ForeignKey("operations.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("chain_id", BigInteger, nullable=False),
    Column("account", Hex20, nullable=False),
    Column("nonce", BigInteger, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("tx_hash", Hex32, nullable=False, unique=True),
    Column("gas", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    # What the chain's node last said when it would not take the transaction.
    Column("refusal", String(500)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_sent_at", UtcDateTime),
    # One lane an account: no two signed transactions ever compete for one nonce.
    UniqueConstraint("chain_id", "account", "nonce"),
    Index(None, "state", "account", "nonce"),
)
