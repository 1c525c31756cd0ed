"""`/v1/experts`: the pool."""

from pydantic import Field
from sqlalchemy import select

from common.divisions import DivisionCode
from common.text import ShortText
from common.uscc import Uscc
from common.web.pagination import Page, Paging, page
from common.web.router import Router, Work
from common.web.strict import Resource, Schema
from review_service.experts.commands import enter_expert
from review_service.experts.model import Expert
from review_service.experts.storage import SEES, experts, visible

router = Router("experts")


class NewExpert(Schema):
    """A person to take into the pool: where he works, where that is, what he knows and whom he must not judge."""

    sub: ShortText
    name: ShortText
    employer: Uscc
    division: DivisionCode
    specialities: list[ShortText] = Field(default_factory=list, max_length=50)
    conflicts: list[Uscc] = Field(default_factory=list, max_length=500)


class ExpertView(Resource):
    """A person of the pool."""

    id: str
    sub: str
    name: str
    employer: str
    division: str
    specialities: list[str]
    conflicts: list[str]


@router.command(allow={"recognition_officer"})
async def enter_expert_(body: NewExpert, work: Work) -> ExpertView:
    """Take a person into the pool."""
    return ExpertView.model_validate(await work.stored(enter_expert(work, **body.model_dump())))


@router.query(allow=SEES)
async def list_experts(work: Work, paging: Paging) -> Page[ExpertView]:
    """List the pool."""
    table = Expert.__table__.c
    statement = select(Expert.__table__).where(visible(work.actor))
    return await page(work, statement, paging, ExpertView, sortable={"name": table.name}, sort="name", key=table.id)


@router.query("/{expert_id}", allow=SEES)
async def read_expert(expert_id: str, work: Work) -> ExpertView:
    """Read one person of the pool."""
    return ExpertView.model_validate(await work.read(experts, expert_id))
