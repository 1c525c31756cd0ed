"""One column that is searched: names as they are written, their pinyin and its initials, numbers and codes.

Everything is lower-cased and split at spaces; a query matches when every one of its words stands somewhere in it.
"""

from sqlalchemy import ColumnElement, SQLColumnExpression, and_


def search_text(*parts: str) -> str:
    """Return what is stored beside a row so that it can be found by any of these texts."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 -- its dictionary takes a second that only writers need

    spelled = ["".join(lazy_pinyin(part)) for part in parts]
    initials = ["".join(lazy_pinyin(part, style=Style.FIRST_LETTER)) for part in parts]
    return " ".join(dict.fromkeys(text.lower() for text in (*parts, *spelled, *initials)))


def matching(column: SQLColumnExpression[str], query: str) -> ColumnElement[bool]:
    """Restrict a question to the rows that hold every word of the query."""
    return and_(*(column.contains(word, autoescape=True) for word in query.lower().split()))
