"""Service keys: the person who made one answers for what it asks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("made_by", sa.String(16)))


def downgrade() -> None:
    op.drop_column("api_keys", "made_by")
