"""Telephone numbers: digits, which may be grouped; nothing is looked up, and a number may be that of an extension."""

from typing import Annotated, TypeAlias

from pydantic import Field

Phone: TypeAlias = Annotated[str, Field(pattern=r"^\+?[0-9]([ -]?[0-9]){4,23}$", max_length=25)]
"""A number of at least five digits, between which single blanks and hyphens may stand, e.g. `0531-00000000`."""
