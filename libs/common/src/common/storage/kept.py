"""Tables whose rows stay: `info=kept(…)` on a table says why, and which columns of a stored row may still change.

The migrations refuse every other change (migrations/rights.py): by the rights of the running role on PostgreSQL, and by
triggers on both databases. No code may lock such rows for an update, because that needs the right to change them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import MetaData, Table

_KEPT: Final = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Rows are inserted and read, never deleted; only the columns in `changes` may be updated, by default none.

    With `absorbs`, a row whose key is stored already is passed over instead of refused, as its writers ask for.
    """

    why: str
    changes: tuple[str, ...] = ()
    absorbs: bool = False


def kept(why: str, *, changes: tuple[str, ...] = (), absorbs: bool = False) -> dict[Any, Any]:
    """Return the `info` of a table whose rows stay; `why` is a sentence for docs/tables.md."""
    return {_KEPT: Kept(why=why, changes=changes, absorbs=absorbs)}


def kept_tables(metadata: MetaData) -> Iterator[tuple[Table, Kept]]:
    """Yield the tables whose rows stay, by name. Raises ValueError for a changing column that the table lacks."""
    for table in sorted(metadata.tables.values(), key=lambda one: one.name):
        if _KEPT in table.info:
            rule: Kept = table.info[_KEPT]
            if unknown := set(rule.changes) - set(table.c.keys()):
                raise ValueError(f"{table.name} has no column {', '.join(sorted(unknown))}")
            yield table, rule
