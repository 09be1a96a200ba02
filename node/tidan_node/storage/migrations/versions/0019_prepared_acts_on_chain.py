"""Acts that are prepared here: by what the chain shows them to be done, and what has sent them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("prepared_acts", sa.Column("title", sa.String(66)))
    op.add_column("prepared_acts", sa.Column("content_root", sa.String(66)))
    op.add_column("prepared_acts", sa.Column("operation_id", sa.String(36)))
    op.add_column(
        "prepared_acts",
        sa.Column("is_done", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_index(op.f("ix_prepared_acts_title"), "prepared_acts", ["title"])


def downgrade() -> None:
    op.drop_index(op.f("ix_prepared_acts_title"), "prepared_acts")
    for column in ("is_done", "operation_id", "content_root", "title"):
        op.drop_column("prepared_acts", column)
