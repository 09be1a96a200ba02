"""What signing in leaves behind: the newest revocation lists, tokens that were used, and by which
certificates sessions began."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, String, Table

from tidan_node.storage.columns import Hex32, UtcDateTime
from tidan_node.storage.metadata import metadata

revocation_lists = Table(
    "revocation_lists",
    metadata,
    Column("anchor_id", Hex32, primary_key=True),
    # the issuer's key, and the part of its lists that replaces itself
    Column("series", String(100), primary_key=True),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("list", LargeBinary, nullable=False),
)

used_tokens = Table(
    "used_tokens",
    metadata,
    # of the key and the name together: nobody uses up another one's names
    Column("digest", String(64), primary_key=True),
    Column("ends_at", UtcDateTime, nullable=False, index=True),
)

session_certificates = Table(
    "session_certificates",
    metadata,
    Column("session_id", String(16), primary_key=True),
    # the issuer's key; of one key a number is given to one certificate alone
    Column("issuer", String(64), primary_key=True),
    Column("serial", String(40), primary_key=True),
    Column("ends_at", UtcDateTime, nullable=False, index=True),
)
