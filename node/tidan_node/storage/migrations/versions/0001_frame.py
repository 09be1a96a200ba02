"""The frame: the chain as rows, operations, private content, people, answers and the trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TABLES = (
    "blocks",
    "chain_events",
    "checkpoints",
    "operations",
    "attempts",
    "operation_claims",
    "contents",
    "api_keys",
    "answers",
    "trail_entries",
    "trail_marks",
)

_HEX_32 = sa.String(66)
_HEX_20 = sa.String(42)
_DOCUMENT = sa.JSON(none_as_null=True)
_MICROSECONDS = sa.BigInteger()
_SECONDS = sa.BigInteger()
_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_chain()
    _create_operations()
    _create_private()
    _create_trail()


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_chain() -> None:
    op.create_table(
        "blocks",
        sa.Column("chain_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", _HEX_32, nullable=False),
        sa.Column("parent_hash", _HEX_32, nullable=False),
        sa.Column("timestamp", _SECONDS, nullable=False),
    )
    op.create_table(
        "chain_events",
        sa.Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("chain_id", sa.BigInteger, nullable=False),
        sa.Column("block_number", sa.BigInteger, nullable=False),
        sa.Column("block_hash", _HEX_32, nullable=False),
        sa.Column("log_index", sa.Integer, nullable=False),
        sa.Column("tx_hash", _HEX_32, nullable=False),
        sa.Column("block_time", _SECONDS, nullable=False),
        sa.Column("contract", _HEX_20, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("record", sa.String(66), nullable=False),
        sa.Column("data", _DOCUMENT, nullable=False),
        sa.UniqueConstraint("chain_id", "block_hash", "log_index"),
        sa.Index(None, "chain_id", "record", "block_number", "log_index"),
        sa.Index(None, "chain_id", "block_number"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("chain_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", _HEX_32, nullable=False),
    )


def _create_operations() -> None:
    op.create_table(
        "operations",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("chain_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("target", sa.String(128), nullable=False),
        sa.Column("intent", _DOCUMENT, nullable=False),
        sa.Column("account", _HEX_20, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("problem", _DOCUMENT),
        sa.Column("result", _DOCUMENT),
        sa.Column("deadline", _MICROSECONDS),
        sa.Column("created_at", _MICROSECONDS, nullable=False),
        sa.Column("updated_at", _MICROSECONDS, nullable=False),
        sa.Index(None, "status", "id"),
        sa.Index(None, "target", "id"),
    )
    op.create_table(
        "attempts",
        sa.Column("operation_id", sa.String(36), sa.ForeignKey("operations.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("chain_id", sa.BigInteger, nullable=False),
        sa.Column("account", _HEX_20, nullable=False),
        sa.Column("nonce", sa.BigInteger, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("tx_hash", _HEX_32, nullable=False, unique=True),
        sa.Column("gas", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("refusal", sa.String(500)),
        sa.Column("created_at", _MICROSECONDS, nullable=False),
        sa.Column("last_sent_at", _MICROSECONDS),
        sa.UniqueConstraint("chain_id", "account", "nonce"),
        sa.Index(None, "state", "account", "nonce"),
    )
    op.create_table(
        "operation_claims",
        sa.Column("name", _HEX_32, primary_key=True),
        sa.Column("operation_id", sa.String(36), sa.ForeignKey("operations.id"), nullable=False),
    )


def _create_private() -> None:
    op.create_table(
        "contents",
        sa.Column("record_id", _HEX_32, primary_key=True),
        sa.Column("content_root", _HEX_32, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("schema", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("secret", sa.LargeBinary(32), nullable=False),
        sa.Column("numbering", _DOCUMENT, nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("created_at", _MICROSECONDS, nullable=False),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("scopes", _DOCUMENT, nullable=False),
        sa.Column("created_at", _MICROSECONDS, nullable=False),
        sa.Column("expires_at", _MICROSECONDS),
        sa.Column("revoked_at", _MICROSECONDS),
    )
    op.create_table(
        "answers",
        sa.Column("caller", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("answered_at", _MICROSECONDS, nullable=False, index=True),
    )


def _create_trail() -> None:
    op.create_table(
        "trail_entries",
        sa.Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("at", _MICROSECONDS, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("party", sa.BigInteger),
        sa.Column("act", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False, index=True),
        sa.Column("detail", _DOCUMENT, nullable=False),
        sa.Column("seq", sa.BigInteger, unique=True),
        sa.Column("previous", _HEX_32),
        sa.Column("hash", _HEX_32),
    )
    op.create_table(
        "trail_marks",
        sa.Column("up_to", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("checkpoint", _HEX_32, nullable=False),
        sa.Column("at", _MICROSECONDS, nullable=False),
    )
