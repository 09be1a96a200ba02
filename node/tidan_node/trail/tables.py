"""The trail's tables. Entries are added and sealed once; nothing is ever changed or deleted."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from tidan_node.storage.columns import Document, Hex32, RowId, UtcDateTime
from tidan_node.storage.metadata import metadata

trail_entries = Table(
    "trail_entries",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("party", BigInteger),
    Column("act", String(64), nullable=False),
    Column("subject", String(128), nullable=False, index=True),
    Column("detail", Document, nullable=False),
    # Given by the sealer. That no two entries have one seq is what makes a second sealer harmless.
    Column("seq", BigInteger, unique=True),
    Column("previous", Hex32),
    Column("hash", Hex32),
)

trail_marks = Table(
    "trail_marks",
    metadata,
    # How far the trail was when its anchoring was asked for, in the same commit as the asking.
    Column("up_to", BigInteger, primary_key=True, autoincrement=False),
    Column("checkpoint", Hex32, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
