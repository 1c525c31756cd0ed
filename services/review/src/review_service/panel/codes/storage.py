"""Which of the codes that a command was given are neither valid nor admitted."""

from collections.abc import Mapping

from sqlalchemy import select

from common.codes import uscc
from common.codes.refusals import UsccNotAdmitted
from common.storage.work import Work
from review_service.panel.codes.model import AdmittedCode


async def check_codes(work: Work, given: Mapping[str, str]) -> None:
    """Check codes, each under its JSON pointer. Raises UsccNotAdmitted, which names each that is a typing error."""
    doubtful = {pointer: code for pointer, code in given.items() if not uscc.is_valid(code)}
    if not doubtful:
        return
    rows = await work.rows(select(AdmittedCode.id).where(AdmittedCode.id.in_(doubtful.values())))
    admitted = {row.id for row in rows}
    wrong = [pointer for pointer, code in doubtful.items() if code not in admitted]
    if wrong:
        raise UsccNotAdmitted.at(*wrong)
