"""`/v1/agencies`: the agencies of the province, as reference data."""

from typing import Annotated

from fastapi import Query
from sqlalchemy import select

from applications_service.rules.agencies import commands
from applications_service.rules.agencies.model import Agency, AgencyKind
from applications_service.rules.agencies.storage import agencies
from common.codes.divisions import DivisionCode
from common.codes.organisations import AgencyCode
from common.kernel.actor import PUBLIC
from common.kernel.text import ShortText, TypedText
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.parts import Reason
from common.web.input.strict import Schema
from common.web.resources import Resource
from common.web.router import IfMatch, Router, Work

router = Router("agencies")


class NewAgency(Schema):
    """An agency to add."""

    code: AgencyCode
    kind: AgencyKind
    name: ShortText
    division: DivisionCode
    parent: AgencyCode | None = None


class Correction(Reason):
    """What an agency should have been entered as; its code and kind stay."""

    name: ShortText
    division: DivisionCode
    parent: AgencyCode | None = None


class AgencyView(Resource):
    """An agency as everybody sees it; `id` is its code."""

    id: str
    kind: AgencyKind
    name: str
    division: str
    parent: str | None


@router.command(allow={"administrator"}, shows=AgencyView)
async def enter_agency(body: NewAgency, work: Work) -> Agency:
    """Add an agency to the reference data."""
    return await commands.enter_agency(work, **body.model_dump())


@router.command("/{code}", allow={"administrator"}, method="PUT", status=200, shows=AgencyView)
async def correct_agency(code: TypedText, body: Correction, work: Work, version: IfMatch) -> Agency:
    """Correct the name, the division or the agency above."""
    return await commands.correct_agency(work, code, version=version, **body.model_dump())


@router.query(allow=PUBLIC, lists=AgencyView)
async def list_agencies(work: Work, paging: Paging, kind: Annotated[list[AgencyKind] | None, Query()] = None) -> Listed:
    """List the agencies by code."""
    statement = where_given(select(Agency.__table__), (Agency.kind, kind))
    return await page(work, statement, paging, sortable={"code": Agency.id}, sort="code", key=Agency.id)


@router.query("/{code}", allow=PUBLIC, shows=AgencyView)
async def read_agency(code: TypedText, work: Work) -> Found:
    """Read one agency."""
    return await work.read(agencies, code)
