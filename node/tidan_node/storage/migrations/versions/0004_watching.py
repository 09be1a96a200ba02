"""Watching and finding: webhooks with what is to be delivered, and references of held documents."""

from __future__ import annotations

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
