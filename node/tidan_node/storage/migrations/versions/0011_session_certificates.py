"""Recognition: by which certificates sessions began, so that a list which revokes one ends them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "session_certificates",
        sa.Column("session_id", sa.String(16), primary_key=True),
        sa.Column("issuer", sa.String(64), primary_key=True),
        sa.Column("serial", sa.String(40), primary_key=True),
        sa.Column("ends_at", sa.BigInteger, nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("session_certificates")
