"""The SQLite library that the platform itself uses, for tests that read its files while it runs.

Two SQLite libraries in one process drop each other's locks: a test that opens a live file with the other one crashes.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3 as sqlite
else:
    from common.storage.database.sqlite import sqlite

__all__ = ["sqlite"]
