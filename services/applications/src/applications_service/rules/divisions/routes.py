"""`/v1/divisions`: the divisions of a year, from the province down."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from common.codes.division_table import parts_of
from common.codes.divisions import DivisionCode
from common.kernel.actor import PUBLIC
from common.kernel.values.numbers import Year
from common.web.router import Router, Work

router = Router("divisions")


class DivisionView(BaseModel):
    """A division under one name; `since` and `until` are its first and last year, null where none is known."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str
    since: int | None
    until: int | None


class Divisions(BaseModel):
    """The divisions directly below one, as they were in a year."""

    within: str
    year: int
    items: list[DivisionView]


@router.query(allow=PUBLIC)
async def list_divisions(
    work: Work, within: Annotated[DivisionCode, Query()], year: Annotated[Year | None, Query()] = None
) -> Divisions:
    """List the divisions directly below one, in a year or in this one."""
    asked = work.today.year if year is None else year
    found = [DivisionView.model_validate(each) for each in parts_of(within, asked)]
    return Divisions(within=within, year=asked, items=found)
