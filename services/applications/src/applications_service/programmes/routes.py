"""`/v1/programmes`: the honours' rules, public from the day they are published."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from sqlalchemy import select

from applications_service.programmes.commands import publish_programme
from applications_service.programmes.lifecycle import LIFECYCLE
from applications_service.programmes.model import ProgrammeEdition
from applications_service.programmes.storage import programmes
from common.text import ShortText, Values
from common.web.pagination import Page, Paging, page
from common.web.router import PUBLIC, Router, Work
from common.web.strict import Resource, Schema

router = Router("programmes", lifecycle=LIFECYCLE)


class NewProgramme(Schema):
    """A definition to publish, as programmes/programme.schema.json describes it."""

    definition: Values = Field(description="The whole definition; its canonical form is hashed.")


class ProgrammeSummary(Resource):
    """An edition without its definition."""

    id: str
    honour: str
    edition: int
    digest: str
    name_zh: str
    name_en: str
    published_at: datetime


class ProgrammeView(ProgrammeSummary):
    """An edition with its definition."""

    definition: dict[str, Any]


@router.command(allow={"administrator"}, action="publish")
async def publish(body: NewProgramme, work: Work) -> ProgrammeView:
    """Publish a definition as the honour's next edition."""
    return ProgrammeView.model_validate(await work.stored(publish_programme(work, definition=body.definition)))


@router.query(allow=PUBLIC)
async def list_programmes(
    work: Work, paging: Paging, honour: Annotated[ShortText | None, Query()] = None
) -> Page[ProgrammeSummary]:
    """List the editions, newest first."""
    table = ProgrammeEdition.__table__.c
    statement = select(*(column for column in table if column.name != "definition"))
    if honour is not None:
        statement = statement.where(table.honour == honour)
    return await page(
        work,
        statement,
        paging,
        ProgrammeSummary,
        sortable={"published_at": table.published_at, "honour": table.honour},
        sort="-published_at",
        key=table.id,
    )


@router.query("/{programme_id}", allow=PUBLIC)
async def read_programme(programme_id: str, work: Work) -> ProgrammeView:
    """Read an edition with its definition."""
    return ProgrammeView.model_validate(await work.read(programmes, programme_id))
