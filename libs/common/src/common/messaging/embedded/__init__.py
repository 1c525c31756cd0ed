"""The bus of one process: a durable append-only log in SQLite."""
