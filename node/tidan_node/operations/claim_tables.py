"""Which operation has a name: the unique key that makes one of two requests at once."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table

from tidan_node.operations.tables import operations
from tidan_node.storage.columns import Hex32
from tidan_node.storage.metadata import metadata

operation_claims = Table(
    "operation_claims",
    metadata,
    # a series, or the id of an invoice or a policy
    Column("name", Hex32, primary_key=True),
    Column("operation_id", ForeignKey(operations.c.id), nullable=False),
)
