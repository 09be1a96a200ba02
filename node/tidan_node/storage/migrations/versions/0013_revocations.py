"""Since when a party is revoked: its titles may be ended as paper some time after."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    revoked_at = sa.Column("revoked_at", sa.BigInteger, nullable=False, server_default="0")
    op.add_column("parties", revoked_at)


def downgrade() -> None:
    op.drop_column("parties", "revoked_at")
