"""Look-up keys that people type: stored as sent, compared folded (`kernel/values/keys.py`).

A column of the type `Key` folds what is stored in it and what is compared with it, so that no query can omit the fold.
A key whose spelling is shown has such a column beside it, which the mapper fills: `key_of`.
"""

from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Dialect, String, event
from sqlalchemy.orm import MappedColumn, Mapper, mapped_column
from sqlalchemy.types import TypeDecorator

from common.kernel.digests import digest
from common.kernel.model import Aggregate
from common.kernel.values.keys import fold_key, without_dashes

INDEXED: Final = 2_000
"""The bytes that every database can index, PostgreSQL the fewest (2,704); a longer key is compared by its digest."""
_SPELT_BY: Final = "key of"


class Key(TypeDecorator[str]):
    """A folded key. With `dashes=False` a number is found without its dashes too: only where the pattern is ours."""

    impl = String
    cache_ok = True

    def __init__(self, *, dashes: bool = True) -> None:
        super().__init__()
        self.dashes = dashes

    def folded(self, text: str) -> str:
        """Return the key that a spelling stands for."""
        key = fold_key(text) if self.dashes else without_dashes(fold_key(text))
        return key if len(key.encode()) <= INDEXED else digest(key).upper()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- same on both
        """Return the folded key, whether it is stored or compared with."""
        return None if value is None else self.folded(value)


def key_of(name: str, *, dashes: bool = True, index: bool = False) -> MappedColumn[str]:
    """Declare the column by which the attribute `name` of the same aggregate is found; it is filled at each storing.

    `Mapped[str | None]` where the attribute may have no value.
    """
    return mapped_column(Key(dashes=dashes), init=False, index=index, info={_SPELT_BY: name})


def keys_of(mapper: Mapper[Any]) -> tuple[tuple[str, str, Key], ...]:
    """Return the keys of an aggregate: the attribute of the key, the attribute as it was sent, and the key's type."""
    columns: list[tuple[str, Any]] = [(one.key, one.columns[0]) for one in mapper.column_attrs]
    return tuple((key, column.info[_SPELT_BY], column.type) for key, column in columns if _SPELT_BY in column.info)


_keys_of: Final = cache(keys_of)


@event.listens_for(Aggregate, "before_insert", propagate=True)
@event.listens_for(Aggregate, "before_update", propagate=True)
def _fill(mapper: Mapper[Any], _connection: Connection, aggregate: Aggregate) -> None:
    for key, name, kind in _keys_of(mapper):
        sent = getattr(aggregate, name)
        setattr(aggregate, key, None if sent is None else kind.folded(sent))
