"""Approvals: rules of four eyes, and requests that wait for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_TABLES = ("approval_rules", "approvals", "approval_votes")

_DOCUMENT = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.create_table(
        "approval_rules",
        sa.Column("act", sa.String(64), primary_key=True),
        sa.Column("approvers", sa.Integer, nullable=False),
        sa.Column("set_by", sa.String(64), nullable=False),
        sa.Column("set_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("act", sa.String(64), nullable=False),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("path", sa.String(512), nullable=False),
        sa.Column("body", sa.LargeBinary),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("target", sa.String(128), nullable=False),
        sa.Column("intended", _DOCUMENT, nullable=False),
        sa.Column("maker_key", sa.String(64), nullable=False),
        sa.Column("maker_user", sa.String(64)),
        sa.Column("maker_name", sa.String(100), nullable=False),
        sa.Column("maker_scopes", _DOCUMENT, nullable=False),
        sa.Column("maker_agent", sa.Boolean, nullable=False),
        sa.Column("maker_session", sa.Boolean, nullable=False),
        sa.Column("maker_anchor", sa.String(66)),
        sa.Column("needed", sa.Integer, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("ended_by", sa.String(64)),
        sa.Column("reason", sa.String(500)),
        sa.Column("answer", _DOCUMENT),
        sa.Column("problem", _DOCUMENT),
        sa.Index(None, "status", "expires_at"),
    )
    op.create_table(
        "approval_votes",
        sa.Column("approval", sa.String(36), sa.ForeignKey("approvals.id"), primary_key=True),
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("anchor_id", sa.String(66)),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
