"""The name of the constraint that a statement violated, the same on SQLite and on PostgreSQL, and values not taken.

PostgreSQL reports the name. SQLite reports columns, so the name is looked up in its schema, on the same connection.
"""

import re
from typing import Any, Final

from sqlalchemy.exc import DBAPIError, IntegrityError

_UNIQUE: Final = re.compile(r"^UNIQUE constraint failed: (?:index '(?P<index>.+)'|(?P<columns>.+))$")
_CHECK: Final = re.compile(r"^CHECK constraint failed: (?P<name>\w+)$")
_DECLARED: Final = re.compile(
    r'CONSTRAINT "?(?P<name>\w+)"? (?:UNIQUE|PRIMARY KEY) \((?P<columns>[^)]*)\)', re.IGNORECASE
)
_NAME: Final = "constraint_name"
_DATA_EXCEPTION: Final = "22"
"""The class of these errors: https://www.postgresql.org/docs/15/errcodes-appendix.html"""


def constraint_name(violation: IntegrityError) -> str | None:
    """Return the name of the violated unique, primary key, check or foreign key constraint.

    None for NOT NULL, for a constraint without a name, and for a foreign key on SQLite, which does not name it.
    """
    driver_error = violation.orig
    name = getattr(driver_error, _NAME, None) or getattr(getattr(driver_error, "__cause__", None), _NAME, None)
    return name if isinstance(name, str) else None


def is_unstorable(error: DBAPIError) -> bool:
    """Return whether PostgreSQL refused a value that no column of its type takes, for example a NUL in a text."""
    return (getattr(error.orig, "sqlstate", None) or "").startswith(_DATA_EXCEPTION)


def note_constraint(error: BaseException, connection: Any) -> None:  # noqa: ANN401 -- the raw SQLite connection
    """Look up the constraint that SQLite's message describes and store its name on the driver's error."""
    message = str(error)
    if check := _CHECK.match(message):
        name: str | None = check["name"]
    elif unique := _UNIQUE.match(message):
        name = unique["index"] or _unique_name(connection, unique["columns"])
    else:
        return
    setattr(error, _NAME, name)


def _unique_name(connection: Any, failed: str) -> str | None:  # noqa: ANN401 -- the raw SQLite connection
    table, columns = failed.partition(".")[0], [part.partition(".")[2] for part in failed.split(", ")]
    declared = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    for found in _DECLARED.finditer(declared[0]):
        if [column.strip().strip('"') for column in found["columns"].split(",")] == columns:
            return found["name"]
    indexes = connection.execute("SELECT name FROM pragma_index_list(?) WHERE \"unique\" AND origin = 'c'", (table,))
    for (index,) in indexes.fetchall():
        members = connection.execute("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (index,)).fetchall()
        if [member for (member,) in members] == columns:
            return str(index)
    return None
