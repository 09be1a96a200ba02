"""People: users, sessions, sign-ins, and the owners of API keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TABLES = ("users", "sessions", "sign_ins")

_DOCUMENT = sa.JSON(none_as_null=True)
_MICROSECONDS = sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("issuer", sa.String(512), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("roles", _DOCUMENT, nullable=False),
        sa.Column("created_at", _MICROSECONDS, nullable=False),
        sa.Column("disabled_at", _MICROSECONDS),
        sa.UniqueConstraint("issuer", "subject"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(16), nullable=False, index=True),
        sa.Column("scopes", _DOCUMENT, nullable=False),
        sa.Column("via", sa.String(40), nullable=False),
        sa.Column("anchor_id", sa.String(66)),
        sa.Column("created_at", _MICROSECONDS, nullable=False),
        sa.Column("expires_at", _MICROSECONDS, nullable=False, index=True),
        sa.Column("ended_at", _MICROSECONDS),
    )
    op.create_table(
        "sign_ins",
        sa.Column("state_digest", sa.String(64), primary_key=True),
        sa.Column("secret_digest", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False),
        sa.Column("redirect_uri", sa.String(512), nullable=False),
        sa.Column("expires_at", _MICROSECONDS, nullable=False, index=True),
    )
    op.add_column("api_keys", sa.Column("user_id", sa.String(16)))
    op.add_column(
        "api_keys", sa.Column("agent", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.create_index(op.f("ix_api_keys_user_id"), "api_keys", ["user_id"])


def downgrade() -> None:
    # A person's or an agent's key would be taken for a service's, and outlive its owner's rights.
    op.execute("DELETE FROM api_keys WHERE user_id IS NOT NULL")
    op.drop_index(op.f("ix_api_keys_user_id"), "api_keys")
    op.drop_column("api_keys", "agent")
    op.drop_column("api_keys", "user_id")
    for table in reversed(_TABLES):
        op.drop_table(table)
