"""Which surrenders the node has raised an alarm about: once each, whatever becomes of the view."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, UniqueConstraint

from tidan_node.storage.columns import ChainTime, Hex32, RowId, UtcDateTime
from tidan_node.storage.metadata import metadata

title_alarms = Table(
    "title_alarms",
    metadata,
    # In the order in which they were raised: webhooks remember how far they have been told.
    Column("number", RowId, primary_key=True, autoincrement=True),
    Column("title", Hex32, nullable=False),
    # The seq that the request has given the title: another surrender of it has another one.
    Column("seq", BigInteger, nullable=False),
    Column("due", ChainTime, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    UniqueConstraint("title", "seq"),
)
