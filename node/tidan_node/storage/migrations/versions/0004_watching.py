"""Watching and finding: webhooks, blocks that were left, and references of held documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tidan_node.domain.documents.references import references_of

revision = "0004"
down_revision = "0003"

_TABLES = ("content_references", "parted_blocks", "webhooks")

_HEX_32 = sa.String(66)
_DOCUMENT = sa.JSON(none_as_null=True)
_BYTEWISE = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")


def upgrade() -> None:
    _create_references()
    op.create_table(
        "parted_blocks",
        sa.Column("chain_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", _HEX_32, primary_key=True),
        sa.Column("parted_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("url", sa.String(2048), nullable=False),
        sa.Column("types", _DOCUMENT),
        sa.Column("records", _DOCUMENT),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("position", sa.String(120), nullable=False),
        sa.Column("delivered", sa.BigInteger, nullable=False),
        sa.Column("delivered_at", sa.BigInteger),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", sa.BigInteger),
        sa.Column("next_attempt_at", sa.BigInteger),
        sa.Column("problem", sa.String(64)),
        sa.Column("disabled_at", sa.BigInteger),
        sa.Column("disabled_reason", sa.String(64)),
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_references() -> None:
    references = op.create_table(
        "content_references",
        sa.Column("record_id", _HEX_32, primary_key=True),
        sa.Column("content_root", _HEX_32, primary_key=True),
        sa.Column("scheme", sa.String(32), primary_key=True),
        sa.Column("value", _BYTEWISE, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("written", sa.String(200), nullable=False),
        sa.Index(None, "value"),
    )
    _reference_what_is_held(references)


def _reference_what_is_held(references: sa.Table) -> None:
    """Documents that came before are found like those that come from now on."""
    connection = op.get_bind()
    contents = sa.table(
        "contents",
        *(sa.column(name) for name in ("record_id", "content_root", "kind", "document")),
    )
    keys = (contents.c.record_id, contents.c.content_root)
    for record_id, content_root in connection.execute(sa.select(*keys)).all():
        row = connection.execute(
            sa.select(contents.c.kind, contents.c.document).where(
                contents.c.record_id == record_id, contents.c.content_root == content_root
            )
        ).one()
        found = [
            {
                "record_id": record_id,
                "content_root": content_root,
                "scheme": each.scheme,
                "value": each.value,
                "kind": row.kind,
                "written": each.written,
            }
            for each in references_of(row.kind, bytes(row.document))
        ]
        if found:
            connection.execute(sa.insert(references), found)
