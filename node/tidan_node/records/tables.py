"""The projected tables. Nobody but the projections of this room writes to them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    literal_column,
)
from sqlalchemy.schema import SchemaItem

from tidan_node.domain.titles.title import SURRENDERED
from tidan_node.records.uint64 import Uint64
from tidan_node.storage.columns import ChainTime, Document, Hex20, Hex32
from tidan_node.storage.metadata import metadata


def where_it_stands() -> list[SchemaItem]:
    """The places of the first and the last event of a record, and what is wrong with its events."""
    return [
        Column("first_block", BigInteger, nullable=False),
        Column("first_log", Integer, nullable=False),
        Column("first_time", ChainTime, nullable=False),
        Column("last_block", BigInteger, nullable=False),
        Column("last_log", Integer, nullable=False),
        Column("last_time", ChainTime, nullable=False),
        Column("fault", String(500)),
    ]


parties = Table(
    "parties",
    metadata,
    # BigInteger: an index is a uint32, more than PostgreSQL's integer holds
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("roles", Integer, nullable=False),
    Column("status", Integer, nullable=False),
    Column("status_reason", String(500), nullable=False),
    Column("rulebook", String(500), nullable=False),
    Column("governing_law", String(500), nullable=False),
    Column("profile_hash", Hex32),
    Column("profile_error", String(500)),
    Column("name", String(200), index=True),
    Column("node_url", String(2048)),
    Column("codes", Document),
    Column("signing_key", Document),
    Column("encryption_key", Document),
    Column("did", String(2048)),
    Column("certificates", Document),
    Column("certificate_proof", String(2048)),
    Column("tls_certificates", Document),
    Column("rotation_added", Hex20),
    Column("rotation_removed", Hex20),
    Column("rotation_from", ChainTime),
    Column("recovery_reason", String(500)),
    Column("successor", BigInteger, nullable=False, server_default="0"),
    Column("revoked_at", ChainTime, nullable=False, server_default="0"),
    *where_it_stands(),
)

# That an account, and a code, belongs to one party for ever is the contract's promise. These tables
# do not insist on it: a view that refused a row would stop the node instead of showing the fault.
party_accounts = Table(
    "party_accounts",
    metadata,
    Column("party", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("account", Hex20, nullable=False, index=True),
    Column("active", Boolean, nullable=False),
)

party_identifiers = Table(
    "party_identifiers",
    metadata,
    Column("party", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("scheme", String(64), nullable=False),
    Column("value", String(64), nullable=False),
    Index(None, "scheme", "value"),
)

numbering_keys = Table(
    "numbering_keys",
    metadata,
    Column("party", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("code_hash", Hex32, nullable=False, index=True),
    # None where the code is no text that could ever be asked for
    Column("code", String(100), index=True),
    Column("key", LargeBinary, nullable=False),
)

titles = Table(
    "titles",
    metadata,
    Column("id", Hex32, primary_key=True),
    Column("series", Hex32, nullable=False, index=True),
    Column("content_root", Hex32, nullable=False),
    Column("issuer", BigInteger, nullable=False),
    Column("possessor", BigInteger, nullable=False),
    Column("titleholder", BigInteger, nullable=False),
    Column("kind", Integer, nullable=False),
    Column("status", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("offeree", BigInteger),
    Column("offered", Integer),
    Column("deadline", ChainTime),
    Column("pledgee", Hex32, index=True),
    Column("proposed_to", Hex32, index=True),
    Column("gateway", Hex20),
    Column("surrendered_for", Integer),
    Column("schema", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("rulebook", Integer, nullable=False, server_default="0"),
    Column("head", Hex32, nullable=False),
    *where_it_stands(),
    Index(None, "first_block", "id"),
    Index(None, "possessor", "first_block", "id"),
    Index(None, "issuer", "first_block", "id"),
    Index(None, "offeree", "first_block", "id"),
)

# Literals, not parameters: a partial index serves only the query that states its own condition.
IS_SURRENDERED: Final = titles.c.status.in_(
    [literal_column(str(int(each))) for each in SURRENDERED]
)
Index(
    "ix_titles_surrendered",
    titles.c.last_time,
    sqlite_where=IS_SURRENDERED,
    postgresql_where=IS_SURRENDERED,
)

invoices = Table(
    "invoices",
    metadata,
    Column("id", Hex32, primary_key=True),
    Column("content_root", Hex32, nullable=False),
    Column("seller", BigInteger, nullable=False),
    Column("buyer", BigInteger, nullable=False),
    Column("status", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("head", Hex32, nullable=False),
    *where_it_stands(),
    Index(None, "first_block", "id"),
    Index(None, "seller", "first_block", "id"),
    Index(None, "buyer", "first_block", "id"),
)

invoice_links = Table(
    "invoice_links",
    metadata,
    Column("invoice", Hex32, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("title", Hex32, nullable=False, index=True),
)

policies = Table(
    "policies",
    metadata,
    Column("id", Hex32, primary_key=True),
    Column("content_root", Hex32, nullable=False),
    Column("insurer", BigInteger, nullable=False),
    Column("insured", BigInteger, nullable=False),
    Column("loss_payee", BigInteger, nullable=False),
    Column("status", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("expires", ChainTime, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("head", Hex32, nullable=False),
    *where_it_stands(),
    Index(None, "first_block", "id"),
    Index(None, "insurer", "first_block", "id"),
    Index(None, "insured", "first_block", "id"),
)

anchors = Table(
    "anchors",
    metadata,
    Column("party", BigInteger, primary_key=True, autoincrement=False),
    Column("up_to", Uint64, primary_key=True, autoincrement=False),
    Column("checkpoint", Hex32, nullable=False),
    Column("previous_up_to", Uint64, nullable=False),
    Column("block_number", BigInteger, nullable=False),
    Column("block_time", ChainTime, nullable=False),
    Column("tx_hash", Hex32, nullable=False),
)
