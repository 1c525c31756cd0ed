"""Restricting a query to the rows of an administrative area; what an area covers is defined in codes/divisions.py."""

from sqlalchemy import ColumnElement, SQLColumnExpression, false

from common.codes.divisions import prefix


def inside(column: SQLColumnExpression[str], area: str | None) -> ColumnElement[bool]:
    """Restrict a query to the divisions inside an area; None matches no row, not even one without a division."""
    return column.startswith(prefix(area), autoescape=True) if area else false()
