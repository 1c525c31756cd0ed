"""`/v1/brands`: the register."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from common.contracts.applications.usccs import UsccException
from common.kernel.actor import PUBLIC
from common.kernel.text import Id, TypedText
from common.kernel.values.numbers import Year
from common.kernel.values.times import Day
from common.programme import Programme
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page
from common.web.resources import Stateful
from common.web.router import Router, Work
from registry_service.register.brands.lifecycle import LIFECYCLE, State
from registry_service.register.brands.model import Brand
from registry_service.register.brands.numbers import is_well_formed
from registry_service.register.brands.refusals import BrandNotFound
from registry_service.register.brands.storage import brands, changes_of, list_query
from registry_service.register.brands.verification import answer, in_force_on
from registry_service.register.editions.storage import known_programme

router = Router("brands", lifecycle=LIFECYCLE, store=brands, key="number")


class BrandSummary(Stateful):
    """A brand in a list."""

    id: str
    number: str
    honour: str
    year: int
    applicant_id: str
    uscc: str | None
    holder_name: str
    item: str
    division: str
    state: State
    effective_on: date
    valid_until: date | None


class BrandView(BrandSummary):
    """A whole brand: the mark may be used on its models only; `barred_until` is set by a revocation that bars."""

    category: str
    scope: str
    trademark: str | None
    models: list[str]
    document_number: str
    application_id: str
    programme_digest: str
    registered_at: datetime
    grounds: str | None
    barred_until: date | None
    uscc_exception: UsccException | None


class ChangeView(BaseModel):
    """One line of history: the change, the day from which it counts, and the instant of its storing.

    `grounds_text` is the ground in the words of the programme.
    """

    model_config = ConfigDict(from_attributes=True)

    action: str
    from_state: State | None
    to_state: State
    effective_on: date
    recorded_at: datetime
    document_number: str | None
    acting_body: str | None
    grounds: str | None
    grounds_text: dict[str, str] | None = None
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
    """Three separate answers; `on` is the date asked for, by default today in Asia/Shanghai."""

    number: str
    on: date
    genuine: AnswerView
    in_force_now: AnswerView
    in_force_on: AnswerView


@router.query(allow=PUBLIC, lists=BrandSummary)
async def list_brands(
    *,
    work: Work,
    paging: Paging,
    uscc: Annotated[TypedText | None, Query()] = None,
    applicant_id: Annotated[Id | None, Query()] = None,
    status: Annotated[list[State] | None, Query()] = None,
    honour: Annotated[TypedText | None, Query()] = None,
    year: Annotated[Year | None, Query()] = None,
    q: Annotated[TypedText | None, Query()] = None,
) -> Listed:
    """Search the register: by holder, state, honour, year, or `q` over number, USCC, names and their pinyin."""
    table = Brand.__table__.c
    statement = list_query(uscc=uscc, applicant_id=applicant_id, states=status, honour=honour, year=year, q=q)
    sortable = {"number": table.number, "effective_on": table.effective_on, "holder_name": table.holder_name}
    return await page(work, statement, paging, sortable=sortable, sort="number", key=table.id)


@router.query("/{number}", allow=PUBLIC, shows=BrandView)
async def read_brand(number: TypedText, work: Work) -> Found:
    """Read one brand by its number."""
    return await work.read(brands, number)


@router.query("/{number}/history", allow=PUBLIC)
async def read_brand_history(number: TypedText, work: Work) -> History:
    """Read everything that happened to a brand."""
    brand = await work.read(brands, number)
    changes = await changes_of(work, brand.id)
    rules = await known_programme(work, brand.programme_digest)
    return History(number=brand.number, items=[_worded(change, rules) for change in changes])


@router.query("/{number}/verification", allow=PUBLIC)
async def verify_brand(
    number: TypedText, work: Work, on: Annotated[Day | None, Query(description="The day asked for.")] = None
) -> Verification:
    """Answer three questions of a number: genuine, in force now, in force on that date."""
    today = work.today
    wanted = on or today
    try:
        brand = await work.read(brands, number)
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


def _worded(change: Any, rules: Programme | None) -> ChangeView:  # noqa: ANN401 -- a row of the history
    """Return a line of history with its ground in the words of the rules that the brand is under."""
    ground = rules.title.ground(change.action, change.grounds) if rules and change.grounds else None
    text = None if ground is None else ground.text.model_dump()
    return ChangeView.model_validate(change).model_copy(update={"grounds_text": text})
