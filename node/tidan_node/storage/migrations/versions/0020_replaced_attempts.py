"""Several signed transactions may have one nonce, of which a single one is sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_LANE = ["chain_id", "account", "nonce"]
_LIVE = sa.text("state = 'live'")


def upgrade() -> None:
    # SQLite can only drop the constraint with its table; nothing refers to this one.
    with op.batch_alter_table("attempts") as attempts:
        attempts.drop_constraint("uq_attempts_chain_id_account_nonce", type_="unique")
        attempts.add_column(sa.Column("refused_since", sa.BigInteger))
    op.create_index("ix_attempts_chain_id_account_nonce", "attempts", _LANE)
    op.create_index(
        "uq_attempts_live",
        "attempts",
        _LANE,
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )


def downgrade() -> None:
    _forget_spent()
    op.drop_index("uq_attempts_live", "attempts")
    op.drop_index("ix_attempts_chain_id_account_nonce", "attempts")
    with op.batch_alter_table("attempts") as attempts:
        attempts.drop_column("refused_since")
        attempts.create_unique_constraint("uq_attempts_chain_id_account_nonce", _LANE)


def _forget_spent() -> None:
    """Of several with one nonce a single row can stay: one that is spent says nothing beside the
    others. While another may still take effect there is no way back."""
    connection = op.get_bind()
    replaced = connection.scalar(sa.text("SELECT count(*) FROM attempts WHERE state = 'replaced'"))
    if replaced:
        raise RuntimeError(f"{replaced} replaced transactions may still be included: let them end")
    connection.execute(
        sa.text(
            "DELETE FROM attempts WHERE state = 'spent' AND EXISTS (SELECT 1 FROM attempts AS other"
            " WHERE other.chain_id = attempts.chain_id AND other.account = attempts.account"
            " AND other.nonce = attempts.nonce AND other.operation_id = attempts.operation_id"
            " AND other.number <> attempts.number"
            " AND (other.state <> 'spent' OR other.number > attempts.number))"
        )
    )
