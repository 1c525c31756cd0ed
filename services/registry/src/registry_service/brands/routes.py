"""`/v1/brands`: the register."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from common.clock import SHANGHAI
from common.text import ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import PUBLIC, Router, Stateful, Work
from common.web.strict import Resource
from registry_service.brands.lifecycle import LIFECYCLE, State
from registry_service.brands.model import Brand
from registry_service.brands.numbers import is_well_formed
from registry_service.brands.refusals import BrandNotFound
from registry_service.brands.storage import brands, changes_of, list_query
from registry_service.brands.verification import answer, in_force_on

router = Router("brands", lifecycle=LIFECYCLE)


class BrandSummary(Resource):
    """A brand in a list."""

    id: str
    number: str
    honour: str
    year: int
    uscc: str
    holder_name: str
    item: str
    division: str
    state: State
    effective_on: date
    valid_until: date | None


class BrandView(BrandSummary, Stateful):
    """A brand whole."""

    document_number: str
    application_id: str
    programme_digest: str
    registered_at: datetime
    grounds: str | None


class ChangeView(BaseModel):
    """One line of history: what counted from when, and when we knew it."""

    model_config = ConfigDict(from_attributes=True)

    action: str
    from_state: State | None
    to_state: State
    effective_on: date
    recorded_at: datetime
    document_number: str | None
    acting_body: str | None
    grounds: str | None
    reason: str | None


class History(BaseModel):
    """Everything that happened to a brand, the oldest first."""

    number: str
    items: list[ChangeView]


class AnswerView(BaseModel):
    """One answer with its reason."""

    model_config = ConfigDict(from_attributes=True)

    answer: bool
    code: str = Field(examples=["in_force"])
    zh: str
    en: str


class Verification(BaseModel):
    """Three answers apart; `on` is the date asked for, today in Asia/Shanghai unless told."""

    number: str
    on: date
    genuine: AnswerView
    in_force_now: AnswerView
    in_force_on: AnswerView


@router.query(allow=PUBLIC)
async def list_brands(
    *,
    work: Work,
    paging: Paging,
    uscc: Annotated[ShortText | None, Query()] = None,
    status: Annotated[list[State] | None, Query()] = None,
    honour: Annotated[ShortText | None, Query()] = None,
    year: Annotated[int | None, Query(ge=1990, le=2100)] = None,
    q: Annotated[ShortText | None, Query()] = None,
) -> Page[BrandSummary]:
    """Search the register: by holder, state, honour, year, or `q` over number, USCC, names and their pinyin."""
    table = Brand.__table__.c
    statement = list_query(uscc=uscc and uscc.upper(), states=status, honour=honour, year=year, q=q)
    sortable = {"number": table.number, "effective_on": table.effective_on, "holder_name": table.holder_name}
    return await page(work, statement, paging, BrandSummary, sortable=sortable, sort="number", key=table.id)


@router.query("/{number}", allow=PUBLIC)
async def read_brand(number: str, work: Work) -> BrandView:
    """Read one brand by its number."""
    return router.shown(BrandView, await work.read(brands, number.upper()), work.actor)


@router.query("/{number}/history", allow=PUBLIC)
async def read_history(number: str, work: Work) -> History:
    """Read everything that happened to a brand."""
    brand = await work.read(brands, number.upper())
    changes = await changes_of(work, brand.id)
    return History(number=brand.number, items=[ChangeView.model_validate(change) for change in changes])


@router.query("/{number}/verification", allow=PUBLIC)
async def verify_brand(
    number: str, work: Work, on: Annotated[date | None, Query(description="The day asked for.")] = None
) -> Verification:
    """Answer three questions of a number: genuine, in force now, in force on that date."""
    today = work.now.astimezone(SHANGHAI).date()
    wanted = on or today
    try:
        brand = await work.read(brands, number.upper())
    except BrandNotFound:
        no = AnswerView.model_validate(answer(False, "unknown" if is_well_formed(number) else "malformed"))
        return Verification(number=number, on=wanted, genuine=no, in_force_now=no, in_force_on=no)
    changes = await changes_of(work, brand.id)
    now, then = (
        in_force_on(day, changes, effective_on=brand.effective_on, valid_until=brand.valid_until)
        for day in (today, wanted)
    )
    return Verification(
        number=brand.number,
        on=wanted,
        genuine=AnswerView.model_validate(answer(True, "registered")),
        in_force_now=AnswerView.model_validate(now),
        in_force_on=AnswerView.model_validate(then),
    )
