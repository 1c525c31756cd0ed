"""`/v1/statements`: what experts signed before they scored."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from sqlalchemy import select

from common.kernel.text import Id, ShortText
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.strict import Schema
from common.web.resources import Resource
from common.web.router import Router, Work
from review_service.panel.statements import commands
from review_service.panel.statements.model import Statement
from review_service.panel.statements.storage import SEES, statements, visible

router = Router("statements")


class NewStatement(Schema):
    """The round whose statement is signed; its text is in the programme and on each sheet."""

    round_id: ShortText


class StatementView(Resource):
    """A signed statement."""

    id: str
    round_id: str
    expert_sub: str
    programme_digest: str
    signed_at: datetime


@router.command(allow={"expert"}, shows=StatementView)
async def sign_statement(body: NewStatement, work: Work) -> Statement:
    """Sign the round's statement of confidentiality and fairness."""
    return await commands.sign_statement(work, round_id=body.round_id)


@router.query(allow=SEES, lists=StatementView)
async def list_statements(work: Work, paging: Paging, round_id: Annotated[Id | None, Query()] = None) -> Listed:
    """List the statements that you may see, newest first."""
    table = Statement.__table__.c
    statement = where_given(select(Statement.__table__).where(visible(work.actor)), (table.round_id, round_id))
    sortable = {"signed_at": table.signed_at}
    return await page(work, statement, paging, sortable=sortable, sort="-signed_at", key=table.id)


@router.query("/{statement_id}", allow=SEES, shows=StatementView)
async def read_statement(statement_id: Id, work: Work) -> Found:
    """Read one statement."""
    return await work.read(statements, statement_id)
