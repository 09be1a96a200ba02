"""Credentials that this node has issued. The credentials themselves are with their subjects."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table, UniqueConstraint

from tidan_node.storage.columns import UtcDateTime
from tidan_node.storage.metadata import metadata

credentials = Table(
    "credentials",
    metadata,
    Column("id", String(45), primary_key=True),
    Column("form", String(16), nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("subject_did", String(2048), nullable=False),
    Column("roles", Integer, nullable=False),
    Column("valid_from", UtcDateTime, nullable=False),
    Column("valid_until", UtcDateTime, nullable=False),
    # A place in a list is given once: after a revocation it goes on meaning that one credential.
    Column("status_list", Integer, nullable=False),
    Column("status_index", Integer, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("revocation_reason", String(500)),
    UniqueConstraint("status_list", "status_index"),
)
