"""The private content of records: what the chain has only the root of."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from tidan_node.storage.columns import BytewiseText, Document, Hex32, UtcDateTime
from tidan_node.storage.metadata import metadata

contents = Table(
    "contents",
    metadata,
    Column("record_id", Hex32, primary_key=True),
    # An issue that failed may be tried again with another document: each has a root of its own,
    # and the chain says which of them the record has.
    Column("content_root", Hex32, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("schema", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("secret", LargeBinary(32), nullable=False),
    Column("numbering", Document, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

content_references = Table(
    "content_references",
    metadata,
    Column("record_id", Hex32, primary_key=True),
    Column("content_root", Hex32, primary_key=True),
    Column("scheme", String(32), primary_key=True),
    # Normalised; sorted byte by byte, so that whatever begins alike stands together.
    Column("value", BytewiseText, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("written", String(200), nullable=False),
    Index(None, "value"),
)
