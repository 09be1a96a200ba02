"""Acts that were prepared here from documents, until nobody can send them any more."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, LargeBinary, String, Table, false

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
    # The first title that comes to be by it, and its root: on the chain under that, it was done.
    # What was prepared by a former version has neither.
    Column("title", Hex32, index=True),
    Column("content_root", Hex32),
    # The operation that sends it from here, the last of several.
    Column("operation_id", String(36)),
    Column("is_done", Boolean, nullable=False, server_default=false()),
)
