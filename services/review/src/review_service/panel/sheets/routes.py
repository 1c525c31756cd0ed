"""`/v1/sheets`: an expert's desk."""

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Annotated, Any, Self

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import select

from common.kernel.actor import Actor
from common.kernel.text import Id, LongText, ShortText
from common.kernel.values.numbers import Points
from common.web.answers.deadlines import Deadlines, deadlines_of
from common.web.answers.desks import OnDesks
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.strict import Schema
from common.web.resources import Stateful
from common.web.router import IfMatch, Router, Work
from review_service.cases.reviews.storage import cases
from review_service.cases.rounds.storage import programme_of
from review_service.panel.sheets import commands
from review_service.panel.sheets.lifecycle import LIFECYCLE, SEATED, State
from review_service.panel.sheets.model import Sheet
from review_service.panel.sheets.storage import sheets, unscored_sheets, visible_unscored
from review_service.panel.statements.storage import signed_at

router = Router("sheets", lifecycle=LIFECYCLE, store=unscored_sheets)


class Remark(Schema):
    """What the expert says about one indicator, and the attachments of the case that bear it out, by their digests."""

    remark: LongText | None = None
    evidence: list[ShortText] = Field(default_factory=list, max_length=50)


class Scores(Schema):
    """Points per indicator, as decimal texts in the programme's unit, with a remark and evidence per indicator."""

    scores: dict[ShortText, Points] = Field(max_length=500)
    remarks: dict[ShortText, Remark] = Field(default_factory=dict, max_length=500)


class SheetSummary(Stateful):
    """A sheet in a list; `due_on` is the last day to submit it."""

    id: str
    review_id: str
    round_id: str
    expert_id: str
    seat: int
    role: str
    state: State
    laid_out_at: datetime
    clock: str | None
    due_on: date | None
    overdue_at: datetime | None
    submitted_at: datetime | None
    replaces: str | None
    ground: str | None
    reason: str | None


class SheetView(SheetSummary):
    """A sheet with its scores; `total` is their sum so far."""

    scores: dict[str, str]
    remarks: dict[str, dict[str, Any]]
    total: str

    @classmethod
    def seen_by(cls, source: Any, actor: Actor) -> Self:  # noqa: ANN401, ARG003 -- a row or an aggregate
        """Show the running total beside the scores."""
        total = sum((Decimal(points) for points in source.scores.values()), Decimal(0))
        return cls.model_validate(SimpleNamespace(**_members(source), total=f"{total:f}"))


class RecusalGround(BaseModel):
    """A ground on which an expert leaves the seat, by its code and in the programme's words."""

    code: str = Field(examples=["near_relative"])
    zh: str
    en: str


class Assignment(SheetView):
    """A sheet with what is to be judged, as the programme's blind level shows it, and the statement to sign first.

    `application` is null once the sheet has ended without a score: its expert has no part in the case.
    """

    application: dict[str, Any] | None
    role_name: dict[str, str]
    recusal_grounds: list[RecusalGround]
    standard: dict[str, str]
    indicators: list[dict[str, Any]]
    total_cap: str
    statement: dict[str, str]
    statement_signed_at: datetime | None


@router.query(allow={"expert", "recognition_officer", "observer"}, lists=SheetSummary)
async def list_sheets(
    work: Work,
    paging: Paging,
    *,
    state: Annotated[list[State] | None, Query()] = None,
    review_id: Annotated[Id | None, Query()] = None,
    expert_id: Annotated[Id | None, Query()] = None,
    desk: OnDesks,
) -> Listed:
    """List the sheets without their scores, the oldest first; an expert sees his own."""
    table = Sheet.__table__.c
    statement = where_given(
        desk.narrow(select(Sheet.__table__).where(visible_unscored(work.actor)), table, work.actor),
        (table.state, state),
        (table.review_id, review_id),
        (table.expert_id, expert_id),
    )
    sortable = {"laid_out_at": table.laid_out_at, "due_on": table.due_on}
    return await page(work, statement, paging, sortable=sortable, sort="laid_out_at", key=table.id)


@router.query("/{sheet_id}", allow={"expert"}, shows=Assignment)
async def read_sheet(sheet_id: Id, work: Work) -> SimpleNamespace:
    """Read one of your sheets with what is to be judged."""
    sheet = await work.read(sheets, sheet_id)
    review = await work.read(cases, sheet.review_id)
    programme = await programme_of(work, sheet.round_id)
    return SimpleNamespace(
        **_members(sheet),
        application=programme.blinded(review.snapshot) if sheet.state in SEATED else None,
        role_name=programme.review.panel.seat_of(sheet.role).name.model_dump(),
        recusal_grounds=[{"code": one.code, **one.text.model_dump()} for one in programme.review.recusal],
        standard=programme.review.indicators.standard.model_dump(),
        indicators=programme.indicator_rows(),
        total_cap=str(programme.total_points),
        statement=programme.review.statement.text.model_dump(),
        statement_signed_at=await signed_at(work, sheet.round_id),
    )


@router.query("/{sheet_id}/deadlines", allow={"expert", "recognition_officer", "observer"})
async def read_sheet_deadlines(sheet_id: Id, work: Work) -> Deadlines:
    """Read day by day why a sheet is due on its day."""
    return deadlines_of(await work.read(unscored_sheets, sheet_id))


@router.command("/{sheet_id}", allow={"expert"}, action="fill_in", method="PUT", status=200, shows=SheetView)
async def fill_in_sheet(sheet_id: Id, body: Scores, work: Work, version: IfMatch) -> Sheet:
    """Keep your scores; they can be changed until the sheet is handed in."""
    remarks = {indicator: remark.model_dump() for indicator, remark in body.remarks.items()}
    return await commands.fill_in_sheet(work, sheet_id, version=version, scores=body.scores, remarks=remarks)


@router.command("/{sheet_id}/submissions", allow={"expert"}, action="submit", shows=SheetView)
async def submit_sheet(sheet_id: Id, work: Work, version: IfMatch) -> Sheet:
    """Hand the sheet in; it is sealed from now on."""
    return await commands.submit_sheet(work, sheet_id, version=version)


def _members(source: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row, an aggregate, or a namespace of both
    """Return the stored members of a sheet, whatever holds them, with those that were added to it."""
    if isinstance(source, SimpleNamespace):
        return vars(source)
    return {column.name: getattr(source, column.name) for column in Sheet.__table__.c}
