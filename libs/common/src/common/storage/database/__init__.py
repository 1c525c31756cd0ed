"""One database of one service, on SQLite or PostgreSQL, and the signals between its writers and readers."""
