"""Runs the revisions on the connection that `storage/migrate.py` hands over."""

from __future__ import annotations

from alembic import context

from tidan_node.storage.metadata import metadata

# The metadata is here for its naming convention alone: revisions spell their tables out.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
