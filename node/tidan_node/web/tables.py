"""Answers already given, by the key that the caller named its request with."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from tidan_node.storage.columns import UtcDateTime
from tidan_node.storage.metadata import metadata

answers = Table(
    "answers",
    metadata,
    Column("caller", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False, index=True),
)
"""One answered POST; the fingerprint is over its method, path and body."""
