"""Transport: the certificates that a party's node shows other nodes, as its profile pins them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("parties", sa.Column("tls_certificates", sa.JSON(none_as_null=True)))


def downgrade() -> None:
    op.drop_column("parties", "tls_certificates")
