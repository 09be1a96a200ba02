"""Titles complete: pledges, gateways, and the rulebook that a title is issued under."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_ASKED_FOR = ("pledgee", "proposed_to")


def upgrade() -> None:
    for name in _ASKED_FOR:
        op.add_column("titles", sa.Column(name, sa.String(66)))
        op.create_index(op.f(f"ix_titles_{name}"), "titles", [name])
    op.add_column("titles", sa.Column("gateway", sa.String(42)))
    op.add_column("titles", sa.Column("rulebook", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("titles", "rulebook")
    op.drop_column("titles", "gateway")
    for name in reversed(_ASKED_FOR):
        op.drop_index(op.f(f"ix_titles_{name}"), table_name="titles")
        op.drop_column("titles", name)
