"""Gateways: the accounts that titles can be locked for and arrive by, as the Council decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "gateways",
        sa.Column("id", sa.String(42), primary_key=True),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("recognised", sa.Boolean, nullable=False),
        sa.Column("first_block", sa.BigInteger, nullable=False),
        sa.Column("first_log", sa.Integer, nullable=False),
        sa.Column("first_time", sa.BigInteger, nullable=False),
        sa.Column("last_block", sa.BigInteger, nullable=False),
        sa.Column("last_log", sa.Integer, nullable=False),
        sa.Column("last_time", sa.BigInteger, nullable=False),
        sa.Column("fault", sa.String(500)),
        sa.Index(None, "first_block", "id"),
    )


def downgrade() -> None:
    op.drop_table("gateways")
