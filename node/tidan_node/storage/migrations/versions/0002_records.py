"""Records: parties, titles, invoices, policies and anchors as the chain tells of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TABLES = (
    "parties",
    "party_accounts",
    "party_identifiers",
    "numbering_keys",
    "titles",
    "invoices",
    "invoice_links",
    "policies",
    "anchors",
)

_HEX_32 = sa.String(66)
_HEX_20 = sa.String(42)
_UINT_64 = sa.String(20)
_DOCUMENT = sa.JSON(none_as_null=True)
_SECONDS = sa.BigInteger()


def upgrade() -> None:
    _create_parties()
    _create_titles()
    _create_invoices_and_policies()
    _create_anchors()


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _where_it_stands() -> list[sa.Column[object]]:
    return [
        sa.Column("first_block", sa.BigInteger, nullable=False),
        sa.Column("first_log", sa.Integer, nullable=False),
        sa.Column("first_time", _SECONDS, nullable=False),
        sa.Column("last_block", sa.BigInteger, nullable=False),
        sa.Column("last_log", sa.Integer, nullable=False),
        sa.Column("last_time", _SECONDS, nullable=False),
        sa.Column("fault", sa.String(500)),
    ]


def _create_parties() -> None:
    op.create_table(
        "parties",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("roles", sa.Integer, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("status_reason", sa.String(500), nullable=False),
        sa.Column("rulebook", sa.String(500), nullable=False),
        sa.Column("governing_law", sa.String(500), nullable=False),
        sa.Column("profile_hash", _HEX_32),
        sa.Column("profile_error", sa.String(500)),
        sa.Column("name", sa.String(200), index=True),
        sa.Column("node_url", sa.String(2048)),
        sa.Column("codes", _DOCUMENT),
        *_where_it_stands(),
    )
    op.create_table(
        "party_accounts",
        sa.Column("party", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("account", _HEX_20, nullable=False, index=True),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "party_identifiers",
        sa.Column("party", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("scheme", sa.String(64), nullable=False),
        sa.Column("value", sa.String(64), nullable=False),
        sa.Index(None, "scheme", "value"),
    )
    op.create_table(
        "numbering_keys",
        sa.Column("party", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("code_hash", _HEX_32, nullable=False, index=True),
        sa.Column("code", sa.String(100), index=True),
        sa.Column("key", sa.LargeBinary, nullable=False),
    )


def _create_titles() -> None:
    op.create_table(
        "titles",
        sa.Column("id", _HEX_32, primary_key=True),
        sa.Column("series", _HEX_32, nullable=False, index=True),
        sa.Column("content_root", _HEX_32, nullable=False),
        sa.Column("issuer", sa.BigInteger, nullable=False),
        sa.Column("possessor", sa.BigInteger, nullable=False),
        sa.Column("titleholder", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Integer, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("offeree", sa.BigInteger),
        sa.Column("offered", sa.Integer),
        sa.Column("deadline", _SECONDS),
        sa.Column("schema", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("head", _HEX_32, nullable=False),
        *_where_it_stands(),
        sa.Index(None, "first_block", "id"),
        sa.Index(None, "possessor", "first_block", "id"),
        sa.Index(None, "issuer", "first_block", "id"),
        sa.Index(None, "offeree", "first_block", "id"),
    )


def _create_record(name: str, *members: str, more: list[sa.Column[object]] | None = None) -> None:
    """An invoice or a policy: its two parties, and what all records have."""
    op.create_table(
        name,
        sa.Column("id", _HEX_32, primary_key=True),
        sa.Column("content_root", _HEX_32, nullable=False),
        *(sa.Column(member, sa.BigInteger, nullable=False) for member in members),
        *(more or []),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("schema", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("head", _HEX_32, nullable=False),
        *_where_it_stands(),
        sa.Index(None, "first_block", "id"),
        *(sa.Index(None, member, "first_block", "id") for member in members),
    )


def _create_invoices_and_policies() -> None:
    _create_record("invoices", "seller", "buyer")
    op.create_table(
        "invoice_links",
        sa.Column("invoice", _HEX_32, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("title", _HEX_32, nullable=False, index=True),
    )
    _create_record(
        "policies",
        "insurer",
        "insured",
        more=[
            sa.Column("loss_payee", sa.BigInteger, nullable=False),
            sa.Column("expires", _SECONDS, nullable=False),
        ],
    )


def _create_anchors() -> None:
    op.create_table(
        "anchors",
        sa.Column("party", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("up_to", _UINT_64, primary_key=True),
        sa.Column("checkpoint", _HEX_32, nullable=False),
        sa.Column("previous_up_to", _UINT_64, nullable=False),
        sa.Column("block_number", sa.BigInteger, nullable=False),
        sa.Column("block_time", _SECONDS, nullable=False),
        sa.Column("tx_hash", _HEX_32, nullable=False),
    )
