"""Acts that are prepared here and signed elsewhere: what they are made of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "prepared_acts",
        sa.Column("call_hash", sa.String(66), primary_key=True),
        sa.Column("act", sa.String(64), nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("secrets", sa.LargeBinary, nullable=False),
        sa.Column("valid_until", sa.BigInteger, nullable=False),
    )
    op.create_index(op.f("ix_prepared_acts_valid_until"), "prepared_acts", ["valid_until"])


def downgrade() -> None:
    op.drop_table("prepared_acts")
