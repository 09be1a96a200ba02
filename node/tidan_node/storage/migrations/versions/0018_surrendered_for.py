"""What a title was surrendered for, which is all that its carrier can answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("titles", sa.Column("surrendered_for", sa.Integer))


def downgrade() -> None:
    op.drop_column("titles", "surrendered_for")
