"""Acts that were prepared here from documents, until nobody can send them any more."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, String, Table

from tidan_node.storage.columns import Hex32, UtcDateTime
from tidan_node.storage.metadata import metadata

prepared_acts = Table(
    "prepared_acts",
    metadata,
    # The call has the roots of fresh secrets in it: no two acts have one.
    Column("call_hash", Hex32, primary_key=True),
    Column("act", String(64), nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("secrets", LargeBinary, nullable=False),
    Column("valid_until", UtcDateTime, nullable=False, index=True),
)
