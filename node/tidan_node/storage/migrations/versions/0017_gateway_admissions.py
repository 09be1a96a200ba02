"""Admissions: which gateways each carrier lets bring in titles of its that were never here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "gateway_admissions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("carrier", sa.BigInteger, nullable=False),
        sa.Column("gateway", sa.String(42), nullable=False, index=True),
        sa.Column("admitted", sa.Boolean, nullable=False),
        sa.Column("first_block", sa.BigInteger, nullable=False),
        sa.Column("first_log", sa.Integer, nullable=False),
        sa.Column("first_time", sa.BigInteger, nullable=False),
        sa.Column("last_block", sa.BigInteger, nullable=False),
        sa.Column("last_log", sa.Integer, nullable=False),
        sa.Column("last_time", sa.BigInteger, nullable=False),
        sa.Column("fault", sa.String(500)),
    )


def downgrade() -> None:
    op.drop_table("gateway_admissions")
