"""Which database errors pass by themselves: a lost connection, a full pool, a lock not won, a server going down.

Everything else (a missing table, a wrong type) is a defect of ours and stays a 500.
"""

from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# PostgreSQL error classes: connection, resources, operator intervention; then serialization, deadlock, lock refused.
_PASSING_CLASSES: Final = ("08", "53", "57")
_PASSING_STATES: Final = frozenset({"40001", "40P01", "55P03"})
# SQLite names its result codes; extended ones begin with these.
_PASSING_NAMES: Final = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_IOERR",
    "SQLITE_FULL",
    "SQLITE_CANTOPEN",
    "SQLITE_READONLY",
)


def is_outage(error: BaseException) -> bool:
    """Tell whether trying again later may succeed."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    state = str(getattr(error.orig, "sqlstate", None) or "")
    name = str(getattr(error.orig, "sqlite_errorname", None) or "")
    return state.startswith(_PASSING_CLASSES) or state in _PASSING_STATES or name.startswith(_PASSING_NAMES)
