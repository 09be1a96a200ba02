"""The table of API keys. Of a key's secret it has a hash alone."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from tidan_node.storage.columns import Document, UtcDateTime
from tidan_node.storage.metadata import metadata

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("name", String(100), nullable=False),
    Column("scopes", Document, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)
