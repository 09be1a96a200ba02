"""Each lane finds its own unfinished operations, and nobody's, however many others have."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"

_NAME = "ix_operations_account_status_id"


def upgrade() -> None:
    op.create_index(_NAME, "operations", ["account", "status", "id"])


def downgrade() -> None:
    op.drop_index(_NAME, "operations")
