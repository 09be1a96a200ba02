"""Parcels that leave, parcels that came, and the signatures that were used up."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from tidan_node.storage.columns import Hex32, UtcDateTime
from tidan_node.storage.metadata import metadata

parcels_outgoing = Table(
    "parcels_outgoing",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("record_id", Hex32, nullable=False, index=True),
    Column("content_root", Hex32, nullable=False),
    Column("recipient", BigInteger, nullable=False),
    Column("actor", String(64), nullable=False),
    # The operation that makes it due: what fails on the chain discloses nothing.
    Column("operation_id", String(36)),
    Column("status", String(16), nullable=False),
    # Sealed once, then sent as it is until a receipt is back; let go when the parcel has ended.
    Column("body", LargeBinary),
    Column("digest", String(64)),
    Column("sealed_for", String(64)),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", UtcDateTime),
    Column("problem", String(64)),
    Column("rule", String(64)),
    Column("receipt", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index(None, "status", "next_attempt_at"),
    Index(None, "created_at", "id"),
)

parcels_received = Table(
    "parcels_received",
    metadata,
    # A name is its sender's: nobody can use up the name of another's parcel.
    Column("sender", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False),
    # What a refused parcel holds may not be known.
    Column("kind", String(16)),
    Column("record_id", Hex32, index=True),
    Column("status", String(16), nullable=False),
    Column("problem", String(64)),
    Column("rule", String(64)),
    Column("receipt", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "created_at", "id"),
)

signature_nonces = Table(
    "signature_nonces",
    metadata,
    Column("party", BigInteger, primary_key=True, autoincrement=False),
    Column("nonce", String(64), primary_key=True),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)
