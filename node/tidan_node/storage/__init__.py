"""SQL: connections, column types, migrations."""
