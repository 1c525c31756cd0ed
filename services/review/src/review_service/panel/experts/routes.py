"""`/v1/experts`: the pool."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from common.codes.divisions import DivisionCode
from common.codes.uscc import UsccOrException
from common.kernel.text import Id, ShortText
from common.kernel.values.numbers import Ordinal
from common.kernel.values.times import Day
from common.programme.parts import Code
from common.storage.columns import holds
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.parts import Reason
from common.web.input.strict import Schema
from common.web.resources import Stateful
from common.web.router import IfMatch, Router, Work
from review_service.panel.experts import commands
from review_service.panel.experts.lifecycle import LIFECYCLE, State
from review_service.panel.experts.model import Expert, Grade
from review_service.panel.experts.refusals import ExpertNotFound
from review_service.panel.experts.storage import SEES, experts, with_load

router = Router("experts", lifecycle=LIFECYCLE, store=experts)
SEES_ALSO = {*SEES, "expert"}


class Affiliation(Schema):
    """An organisation that the expert works or worked for; a day that is not known stays open."""

    organisation: UsccOrException
    since_on: Day | None = None
    until_on: Day | None = None


class ConflictGiven(Affiliation):
    """An organisation that the expert must not judge, and the ground of recusal in the programme's words."""

    ground: Code


class Absence(Schema):
    """The first and the last day on which the expert is away."""

    since_on: Day
    until_on: Day


class ExpertContent(Schema):
    """What is known of a person: fields as catalogue codes, roles on a panel, organisations, absences, yearly load."""

    name: ShortText
    division: DivisionCode
    grade: Grade | None = None
    roles: list[Code] = Field(default_factory=list, max_length=20)
    specialities: list[Code] = Field(default_factory=list, max_length=50)
    organisations: list[Affiliation] = Field(min_length=1, max_length=50)
    absences: list[Absence] = Field(default_factory=list, max_length=50)
    yearly_load: Ordinal | None = None

    def content(self) -> commands.Content:
        """Return the fields as the expert stores them."""
        given = self.model_dump(mode="json", include=set(ExpertContent.model_fields))
        return given | {"grade": self.grade}


class NewExpert(ExpertContent):
    """A person to add to the pool, with those whom he must not judge."""

    sub: ShortText
    conflicts: list[ConflictGiven] = Field(default_factory=list, max_length=500)


class AffiliationView(BaseModel):
    """An organisation that the expert works or worked for."""

    model_config = ConfigDict(from_attributes=True)

    organisation: str
    since_on: Day | None
    until_on: Day | None


class ConflictView(AffiliationView):
    """An organisation that the expert must not judge."""

    ground: str
    declared_by: str
    declared_at: datetime


class AbsenceView(BaseModel):
    """Days on which the expert is away."""

    model_config = ConfigDict(from_attributes=True)

    since_on: Day
    until_on: Day


class ExpertView(Stateful):
    """A person of the pool."""

    id: str
    sub: str
    name: str
    division: str
    grade: Grade | None
    roles: list[str]
    specialities: list[str]
    organisations: list[AffiliationView]
    conflicts: list[ConflictView]
    absences: list[AbsenceView]
    yearly_load: int | None
    state: State
    reason: str | None


class ExpertLoad(ExpertView):
    """A person of the pool with the number of his cases in this year's rounds."""

    load: int


@router.command(allow={"recognition_officer"}, action="enter", shows=ExpertView)
async def enter_expert(body: NewExpert, work: Work) -> Expert:
    """Take a person into the pool."""
    conflicts = [each.model_dump(mode="json") for each in body.conflicts]
    return await commands.enter_expert(work, sub=body.sub, conflicts=conflicts, content=body.content())


@router.command(
    "/{expert_id}", allow={"recognition_officer"}, action="edit", method="PUT", status=200, shows=ExpertView
)
async def edit_expert(expert_id: Id, body: ExpertContent, work: Work, version: IfMatch) -> Expert:
    """Replace what is known of a person of the pool; conflicts are declared, not edited."""
    return await commands.edit_expert(work, expert_id, version=version, content=body.content())


@router.command("/{expert_id}/pauses", allow={"recognition_officer"}, action="pause", shows=ExpertView)
async def pause_expert(expert_id: Id, body: Reason, work: Work, version: IfMatch) -> Expert:
    """Keep a person of the pool from being drawn for a while."""
    return await commands.pause_expert(work, expert_id, version=version, reason=body.reason)


@router.command("/{expert_id}/resumptions", allow={"recognition_officer"}, action="resume", shows=ExpertView)
async def resume_expert(expert_id: Id, work: Work, version: IfMatch) -> Expert:
    """Let a paused person be drawn again."""
    return await commands.resume_expert(work, expert_id, version=version)


@router.query(allow=SEES_ALSO, lists=ExpertLoad)
async def list_experts(
    work: Work,
    paging: Paging,
    *,
    state: Annotated[list[State] | None, Query()] = None,
    grade: Annotated[list[Grade] | None, Query()] = None,
    role: Annotated[Code | None, Query()] = None,
    speciality: Annotated[Code | None, Query()] = None,
    organisation: Annotated[UsccOrException | None, Query()] = None,
) -> Listed:
    """List the pool; an expert sees himself."""
    table = Expert.__table__.c
    statement = where_given(with_load(work.actor, work.today.year), (table.state, state), (table.grade, grade))
    for column, code in (
        (table.roles, role),
        (table.specialities, speciality),
        (table.organisations, organisation),
    ):
        statement = statement if code is None else statement.where(holds(column, code))
    return await page(work, statement, paging, sortable={"name": table.name}, sort="name", key=table.id)


@router.query("/{expert_id}", allow=SEES_ALSO, shows=ExpertLoad)
async def read_expert(expert_id: Id, work: Work) -> Found:
    """Read one person of the pool."""
    found = await work.one(with_load(work.actor, work.today.year).where(Expert.id == expert_id))
    if found is None:
        raise ExpertNotFound(key=expert_id)
    return found
