"""Identity: what a profile says of DID and certificates, and the credentials that are issued."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_DOCUMENT = sa.JSON(none_as_null=True)
_OF_PROFILES = (
    ("did", sa.String(2048)),
    ("certificates", _DOCUMENT),
    ("certificate_proof", sa.String(2048)),
)


def upgrade() -> None:
    for name, kind in _OF_PROFILES:
        op.add_column("parties", sa.Column(name, kind))
    op.create_table(
        "credentials",
        sa.Column("id", sa.String(45), primary_key=True),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("subject", sa.BigInteger, nullable=False),
        sa.Column("subject_did", sa.String(2048), nullable=False),
        sa.Column("roles", sa.Integer, nullable=False),
        sa.Column("valid_from", sa.BigInteger, nullable=False),
        sa.Column("valid_until", sa.BigInteger, nullable=False),
        sa.Column("status_list", sa.Integer, nullable=False),
        sa.Column("status_index", sa.Integer, nullable=False),
        sa.Column("issued_at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger),
        sa.Column("revocation_reason", sa.String(500)),
        sa.UniqueConstraint("status_list", "status_index"),
    )
    _create_what_signing_in_leaves()


def downgrade() -> None:
    op.drop_table("used_tokens")
    op.drop_table("revocation_lists")
    op.drop_table("credentials")
    for name, _ in reversed(_OF_PROFILES):
        op.drop_column("parties", name)


def _create_what_signing_in_leaves() -> None:
    """Of users of other platforms: revocation lists, and tokens that were used."""
    op.create_table(
        "revocation_lists",
        sa.Column("anchor_id", sa.String(66), primary_key=True),
        sa.Column("series", sa.String(100), primary_key=True),
        sa.Column("issued_at", sa.BigInteger, nullable=False),
        sa.Column("list", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "used_tokens",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("ends_at", sa.BigInteger, nullable=False, index=True),
    )
