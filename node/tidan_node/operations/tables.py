"""Tables of what the node wants to change on the chain, and of what it signed for it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from tidan_node.operations.operation import AttemptState
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
    Index(None, "account", "status", "id"),
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
    # What the chain's node last said when it would not take the transaction, and since when it
    # has said so.
    Column("refusal", String(500)),
    Column("refused_since", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_sent_at", UtcDateTime),
    Index(None, "chain_id", "account", "nonce"),
    Index(None, "state", "account", "nonce"),
)

# One lane an account: of the transactions with one nonce a single one is sent.
_LIVE: Final = attempts.c.state == AttemptState.LIVE.value
Index(
    "uq_attempts_live",
    attempts.c.chain_id,
    attempts.c.account,
    attempts.c.nonce,
    unique=True,
    sqlite_where=_LIVE,
    postgresql_where=_LIVE,
)
