"""`/v1/exceptions`: codes that are taken although their check character is wrong."""

from datetime import datetime

from sqlalchemy import select

from applications_service.intake.exceptions import commands
from applications_service.intake.exceptions.lifecycle import LIFECYCLE, State
from applications_service.intake.exceptions.model import AdmittedCode
from applications_service.intake.exceptions.storage import exceptions, visible
from common.codes.uscc import UsccOrException
from common.kernel.text import TypedText
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page
from common.web.input.parts import Reason
from common.web.resources import Stateful
from common.web.router import Router, Work

router = Router("exceptions", lifecycle=LIFECYCLE, store=exceptions)
SEES = {"recognition_officer", "office", "department", "observer"}


class NewUsccException(Reason):
    """A code to admit: its form is right and its check character is not."""

    uscc: UsccOrException


class UsccExceptionView(Stateful):
    """An admitted code; `id` is the code."""

    id: str
    reason: str
    agency: str
    admitted_by: str
    admitted_at: datetime
    state: State


@router.command(allow={"recognition_officer"}, action="admit", shows=UsccExceptionView)
async def admit_uscc(body: NewUsccException, work: Work) -> AdmittedCode:
    """Admit a code that was really given although its check character is wrong."""
    return await commands.admit_uscc(work, **body.model_dump())


@router.query(allow=SEES, lists=UsccExceptionView)
async def list_uscc_exceptions(work: Work, paging: Paging) -> Listed:
    """List the admitted codes, newest first."""
    table = AdmittedCode.__table__.c
    statement = select(AdmittedCode.__table__).where(visible(work.actor))
    sortable = {"admitted_at": table.admitted_at}
    return await page(work, statement, paging, sortable=sortable, sort="-admitted_at", key=table.id)


@router.query("/{uscc}", allow=SEES, shows=UsccExceptionView)
async def read_uscc_exception(uscc: TypedText, work: Work) -> Found:
    """Read one admitted code."""
    return await work.read(exceptions, uscc)
