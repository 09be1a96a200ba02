"""Answers already given, by the key that the caller named its request with."""

from __future__ import annotations

import sqlalchemy as sa

from tidan_node.storage.columns import UtcDateTime
from tidan_node.storage.metadata import metadata

answers = sa.Table(
    "answers",
    metadata,
    sa.Column("caller", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("media_type", sa.String(100), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("answered_at", UtcDateTime, nullable=False, index=True),
)
"""One answered POST; the fingerprint is over its method, path and body."""
