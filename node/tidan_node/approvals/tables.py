"""Rules of four eyes, the requests that wait for approval, and who has approved them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from tidan_node.storage.columns import Document, UtcDateTime
from tidan_node.storage.metadata import metadata

approval_rules = Table(
    "approval_rules",
    metadata,
    Column("act", String(64), primary_key=True),
    # 0 where there was a rule once.
    Column("approvers", Integer, nullable=False),
    Column("set_by", String(64), nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("act", String(64), nullable=False),
    Column("scope", String(32), nullable=False),
    Column("path", String(512), nullable=False),
    # The request as it will be carried out; kept no longer than it waits.
    Column("body", LargeBinary),
    # SHA-256 over path and body; each entry of the trail about it names it.
    Column("fingerprint", String(64), nullable=False),
    Column("target", String(128), nullable=False),
    Column("intended", Document, nullable=False),
    Column("maker_key", String(64), nullable=False),
    Column("maker_user", String(64)),
    Column("maker_name", String(100), nullable=False),
    Column("maker_scopes", Document, nullable=False),
    Column("maker_agent", Boolean, nullable=False),
    # Whether it was asked in a session, which ends of itself and takes nothing with it.
    Column("maker_session", Boolean, nullable=False),
    Column("maker_anchor", String(66)),
    Column("needed", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_by", String(64)),
    Column("reason", String(500)),
    Column("answer", Document),
    Column("problem", Document),
    Index(None, "status", "expires_at"),
)

approval_votes = Table(
    "approval_votes",
    metadata,
    Column("approval", String(36), ForeignKey("approvals.id"), primary_key=True),
    # That a user is here once is what makes two approvers two people.
    Column("user_id", String(64), primary_key=True),
    Column("key_id", String(64), nullable=False),
    # The recognition that it counts by, where the person is of another platform.
    Column("anchor_id", String(66)),
    Column("at", UtcDateTime, nullable=False),
)
