"""Parcels: packages on their way to other nodes, and those that came from them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TABLES = ("parcels_outgoing", "parcels_received", "signature_nonces")
_PARTY_KEYS = ("signing_key", "encryption_key")

_HEX_32 = sa.String(66)
_MICROSECONDS = sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "parcels_outgoing",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("record_id", _HEX_32, nullable=False, index=True),
        sa.Column("content_root", _HEX_32, nullable=False),
        sa.Column("recipient", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("operation_id", sa.String(36)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("body", sa.LargeBinary),
        sa.Column("digest", sa.String(64)),
        sa.Column("sealed_for", sa.String(64)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", _MICROSECONDS),
        sa.Column("problem", sa.String(64)),
        sa.Column("rule", sa.String(64)),
        sa.Column("receipt", sa.Text),
        sa.Column("created_at", _MICROSECONDS, nullable=False),
        sa.Column("ended_at", _MICROSECONDS),
        sa.Index(None, "status", "next_attempt_at"),
        sa.Index(None, "created_at", "id"),
    )
    op.create_table(
        "parcels_received",
        sa.Column("sender", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16)),
        sa.Column("record_id", _HEX_32, index=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("problem", sa.String(64)),
        sa.Column("rule", sa.String(64)),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("created_at", _MICROSECONDS, nullable=False),
        sa.Index(None, "created_at", "id"),
    )
    op.create_table(
        "signature_nonces",
        sa.Column("party", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("nonce", sa.String(64), primary_key=True),
        sa.Column("expires_at", _MICROSECONDS, nullable=False, index=True),
    )
    for name in _PARTY_KEYS:
        op.add_column("parties", sa.Column(name, sa.JSON(none_as_null=True)))


def downgrade() -> None:
    for name in reversed(_PARTY_KEYS):
        op.drop_column("parties", name)
    for table in reversed(_TABLES):
        op.drop_table(table)
