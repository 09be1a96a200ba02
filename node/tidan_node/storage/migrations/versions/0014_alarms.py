"""Surrenders that nobody answers: found by an index of their own, and an alarm about each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_SURRENDERED = sa.text("status IN (2, 3)")
_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "title_alarms",
        sa.Column("number", _ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("title", sa.String(66), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("raised_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("title", "seq"),
    )
    op.create_index(
        "ix_titles_surrendered",
        "titles",
        ["last_time"],
        sqlite_where=_SURRENDERED,
        postgresql_where=_SURRENDERED,
    )
    alarm = sa.Column("alarm", sa.BigInteger, nullable=False, server_default="0")
    op.add_column("webhooks", alarm)


def downgrade() -> None:
    op.drop_column("webhooks", "alarm")
    op.drop_index("ix_titles_surrendered", table_name="titles")
    op.drop_table("title_alarms")
