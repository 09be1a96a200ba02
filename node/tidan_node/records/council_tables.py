"""The projected tables of the Council, of recognised platforms, of gateways and admissions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from tidan_node.records.tables import where_it_stands
from tidan_node.storage.columns import ChainTime, Document, Hex20, Hex32
from tidan_node.storage.metadata import metadata

council_seats = Table(
    "council_seats",
    metadata,
    # one row: the Council has its seats together, and is founded once
    Column("id", String(16), primary_key=True),
    Column("threshold", Integer, nullable=False),
    Column("delay", BigInteger, nullable=False),
    Column("objection_window", BigInteger, nullable=False),
    Column("seats", Document, nullable=False),
    *where_it_stands(),
)

council_proposals = Table(
    "council_proposals",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", BigInteger, nullable=False, unique=True),
    Column("proposer", BigInteger, nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("target", Hex20, nullable=False),
    Column("call", LargeBinary, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("proposed_at", ChainTime, nullable=False),
    Column("approvals", Document, nullable=False),
    Column("executable_from", ChainTime, nullable=False),
    Column("objected_at", ChainTime, nullable=False),
    Column("objection", String(500), nullable=False),
    Column("executed_at", ChainTime, nullable=False),
    *where_it_stands(),
    Index(None, "first_block", "first_log"),
)

recognitions = Table(
    "recognitions",
    metadata,
    Column("id", Hex32, primary_key=True),
    Column("platform", String(64), nullable=False, index=True),
    Column("kind", Integer, nullable=False),
    Column("anchor", LargeBinary, nullable=False),
    Column("roles", Integer, nullable=False),
    # whole: of a list that was cut, another list would be left
    Column("acts", Text, nullable=False),
    Column("expires_at", ChainTime, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    *where_it_stands(),
    Index(None, "first_block", "id"),
)

gateways = Table(
    "gateways",
    metadata,
    Column("id", Hex20, primary_key=True),
    Column("name", String(500), nullable=False),
    Column("recognised", Boolean, nullable=False),
    *where_it_stands(),
    Index(None, "first_block", "id"),
)

gateway_admissions = Table(
    "gateway_admissions",
    metadata,
    # a carrier's number and the gateway
    Column("id", String(64), primary_key=True),
    Column("carrier", BigInteger, nullable=False),
    Column("gateway", Hex20, nullable=False, index=True),
    Column("admitted", Boolean, nullable=False),
    *where_it_stands(),
)
