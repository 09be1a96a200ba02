"""The revisions of the schema, oldest first; Alembic reads them from this folder."""
