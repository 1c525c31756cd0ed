"""`/v1/sheets`: an expert's desk."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field
from sqlalchemy import select

from common.text import ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import IfMatch, Router, Stateful, Work
from common.web.strict import Resource, Schema
from common.worklist import desks
from review_service.reviews.storage import cases
from review_service.rounds.storage import programme_of
from review_service.sheets.commands import fill_in_sheet, submit_sheet
from review_service.sheets.lifecycle import LIFECYCLE, State
from review_service.sheets.model import Sheet
from review_service.sheets.storage import sheets, visible

router = Router("sheets", lifecycle=LIFECYCLE)
Points = Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=2, examples=["85.50"])]


class Scores(Schema):
    """Points per indicator, as decimal texts with at most two places."""

    scores: dict[ShortText, Points] = Field(max_length=500)


class SheetSummary(Resource):
    """A sheet in a list."""

    id: str
    review_id: str
    round_id: str
    state: State
    laid_out_at: datetime
    submitted_at: datetime | None


class SheetView(SheetSummary, Stateful):
    """A sheet with its scores."""

    scores: dict[str, str]


class Assignment(SheetView):
    """A sheet with what is to be judged: the frozen application and the indicators."""

    application: dict[str, Any]
    indicators: list[dict[str, Any]]


@router.query(allow={"expert"})
async def list_sheets(
    work: Work,
    paging: Paging,
    state: Annotated[list[State] | None, Query()] = None,
    waiting_for: Annotated[Literal["me"] | None, Query()] = None,
) -> Page[SheetSummary]:
    """List your sheets, the oldest first."""
    table = Sheet.__table__.c
    statement = select(Sheet.__table__).where(visible(work.actor))
    if state:
        statement = statement.where(table.state.in_(state))
    if waiting_for is not None:
        statement = statement.where(table.waits_for.in_(desks(work.actor)))
    sortable = {"laid_out_at": table.laid_out_at}
    return await page(work, statement, paging, SheetSummary, sortable=sortable, sort="laid_out_at", key=table.id)


@router.query("/{sheet_id}", allow={"expert"})
async def read_sheet(sheet_id: str, work: Work) -> Assignment:
    """Read one of your sheets with what is to be judged."""
    sheet = await work.read(sheets, sheet_id)
    review = await work.read(cases, sheet.review_id)
    programme = await programme_of(work, sheet.round_id)
    view = router.shown(SheetView, sheet, work.actor)
    return Assignment(**view.model_dump(), application=review.snapshot, indicators=programme.indicator_rows())


@router.command("/{sheet_id}", allow={"expert"}, action="fill_in", method="PUT", status=200)
async def fill_in(sheet_id: str, body: Scores, work: Work, version: IfMatch) -> SheetView:
    """Keep your scores; they can be changed until the sheet is handed in."""
    filled = fill_in_sheet(work, sheet_id, version=version, scores=body.scores)
    return router.shown(SheetView, await work.stored(filled), work.actor)


@router.command("/{sheet_id}/submissions", allow={"expert"}, action="submit")
async def submit_scores(sheet_id: str, work: Work, version: IfMatch) -> SheetView:
    """Hand the sheet in; it is sealed from now on."""
    return router.shown(SheetView, await work.stored(submit_sheet(work, sheet_id, version=version)), work.actor)
