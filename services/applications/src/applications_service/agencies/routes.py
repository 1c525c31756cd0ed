"""`/v1/agencies`: reference data."""

from typing import Annotated

from fastapi import Query
from pydantic import Field
from sqlalchemy import select

from applications_service.agencies.commands import enter_agency
from applications_service.agencies.model import Agency, AgencyKind
from applications_service.agencies.storage import agencies
from common.divisions import DivisionCode
from common.text import ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import PUBLIC, Router, Work
from common.web.strict import Resource, Schema

router = Router("agencies")
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{2,40}$", examples=["SD-OFFICE"])]


class NewAgency(Schema):
    """An agency to enter."""

    code: Code
    kind: AgencyKind
    name: ShortText
    division: DivisionCode
    parent: Code | None = None


class AgencyView(Resource):
    """An agency as everybody sees it; `id` is its code."""

    id: str
    kind: AgencyKind
    name: str
    division: str
    parent: str | None


@router.command(allow={"administrator"})
async def enter(body: NewAgency, work: Work) -> AgencyView:
    """Enter an agency."""
    return AgencyView.model_validate(await work.stored(enter_agency(work, **body.model_dump())))


@router.query(allow=PUBLIC)
async def list_agencies(
    work: Work, paging: Paging, kind: Annotated[list[AgencyKind] | None, Query()] = None
) -> Page[AgencyView]:
    """List the agencies by code."""
    statement = select(Agency.__table__)
    if kind:
        statement = statement.where(Agency.kind.in_(kind))
    return await page(work, statement, paging, AgencyView, sortable={"code": Agency.id}, sort="code", key=Agency.id)


@router.query("/{code}", allow=PUBLIC)
async def read_agency(code: str, work: Work) -> AgencyView:
    """Read one agency."""
    return AgencyView.model_validate(await work.read(agencies, code))
