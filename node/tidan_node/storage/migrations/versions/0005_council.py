"""Council: seats, proposals and recognised platforms as the chain tells them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_TABLES = ("council_seats", "council_proposals", "recognitions")

_HEX_32, _HEX_20 = sa.String(66), sa.String(42)
_DOCUMENT = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.create_table(
        "council_seats",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("threshold", sa.Integer, nullable=False),
        sa.Column("delay", sa.BigInteger, nullable=False),
        sa.Column("objection_window", sa.BigInteger, nullable=False),
        sa.Column("seats", _DOCUMENT, nullable=False),
        *_where_it_stands(),
    )
    op.create_table(
        "council_proposals",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False, unique=True),
        sa.Column("proposer", sa.BigInteger, nullable=False),
        sa.Column("subject", sa.BigInteger, nullable=False),
        sa.Column("target", _HEX_20, nullable=False),
        sa.Column("call", sa.LargeBinary, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("proposed_at", sa.BigInteger, nullable=False),
        sa.Column("approvals", _DOCUMENT, nullable=False),
        sa.Column("executable_from", sa.BigInteger, nullable=False),
        sa.Column("objected_at", sa.BigInteger, nullable=False),
        sa.Column("objection", sa.String(500), nullable=False),
        sa.Column("executed_at", sa.BigInteger, nullable=False),
        *_where_it_stands(),
        sa.Index(None, "first_block", "first_log"),
    )
    op.create_table(
        "recognitions",
        sa.Column("id", _HEX_32, primary_key=True),
        sa.Column("platform", sa.String(64), nullable=False, index=True),
        sa.Column("kind", sa.Integer, nullable=False),
        sa.Column("anchor", sa.LargeBinary, nullable=False),
        sa.Column("roles", sa.Integer, nullable=False),
        sa.Column("acts", sa.Text, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        *_where_it_stands(),
        sa.Index(None, "first_block", "id"),
    )
    for column in _of_parties():
        op.add_column("parties", column)


def downgrade() -> None:
    for column in reversed(_of_parties()):
        op.drop_column("parties", column.name)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _of_parties() -> list[sa.Column[Any]]:  # Any: of several types
    """What a party has now besides: a rotation that waits, its last recovery, its successor."""
    return [
        sa.Column("rotation_added", _HEX_20),
        sa.Column("rotation_removed", _HEX_20),
        sa.Column("rotation_from", sa.BigInteger),
        sa.Column("recovery_reason", sa.String(500)),
        sa.Column("successor", sa.BigInteger, nullable=False, server_default="0"),
    ]


def _where_it_stands() -> list[sa.Column[Any]]:  # Any: as above
    return [
        sa.Column("first_block", sa.BigInteger, nullable=False),
        sa.Column("first_log", sa.Integer, nullable=False),
        sa.Column("first_time", sa.BigInteger, nullable=False),
        sa.Column("last_block", sa.BigInteger, nullable=False),
        sa.Column("last_log", sa.Integer, nullable=False),
        sa.Column("last_time", sa.BigInteger, nullable=False),
        sa.Column("fault", sa.String(500)),
    ]
