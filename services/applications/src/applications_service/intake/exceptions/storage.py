"""Admitted codes are visible to the province-wide agencies; a command that takes a code looks it up for anybody."""

from typing import Any

from sqlalchemy import ColumnElement, false, true

from applications_service.intake.exceptions.model import AdmittedCode
from applications_service.intake.exceptions.refusals import UsccExceptionNotFound
from common.codes import uscc
from common.codes.refusals import UsccNotAdmitted
from common.kernel.actor import PROVINCE_WIDE, Actor
from common.storage.store import Store
from common.storage.work import Work


def visible(actor: Actor) -> ColumnElement[bool]:
    """Province-wide agencies see every admitted code."""
    return true() if actor.roles & PROVINCE_WIDE else false()


def visible_whole(_actor: Actor) -> ColumnElement[bool]:
    """A command that takes a code must know whether it is admitted, for every actor."""
    return true()


exceptions = Store(AdmittedCode, not_found=UsccExceptionNotFound, visible=visible)
_all = Store(AdmittedCode, not_found=UsccExceptionNotFound, visible=visible_whole)


async def mark_of(work: Work, code: str) -> dict[str, Any] | None:
    """Return the mark of an admitted code, None for a valid one. Raises UsccNotAdmitted for any other."""
    if uscc.is_valid(code):
        return None
    found = await work.find(_all, AdmittedCode.id == code)
    if not found:
        raise UsccNotAdmitted.at("/uscc")
    return found[0].mark
