"""The commands of an expert on his score sheet; the last sheet of a full panel determines the official score."""

from collections.abc import Mapping
from decimal import Decimal

from common.storage.work import Work
from review_service.cases.reviews.storage import cases
from review_service.cases.rounds.storage import programme_of
from review_service.panel.sheets.lifecycle import SEATED, State
from review_service.panel.sheets.model import Remarks, Sheet
from review_service.panel.sheets.storage import all_sheets, sheets
from review_service.panel.statements.refusals import StatementUnsigned
from review_service.panel.statements.storage import signed_at


async def fill_in_sheet(
    work: Work, sheet_id: str, *, version: int | None, scores: Mapping[str, Decimal], remarks: Remarks
) -> Sheet:
    """Store an expert's scores and remarks, which he can change until he submits the sheet."""
    sheet = await work.get(sheets, sheet_id, version=version)
    if await signed_at(work, sheet.round_id) is None:
        raise StatementUnsigned
    review = await work.read(cases, sheet.review_id)
    programme = await programme_of(work, sheet.round_id)
    sheet.fill_in(scores, remarks=remarks, programme=programme, snapshot=review.snapshot)
    return sheet


async def submit_sheet(work: Work, sheet_id: str, *, version: int | None) -> Sheet:
    """Seal the sheet and, when it is the last one of a full panel, store the review's official score.

    The review's row is locked first, so that of the two last sheets, submitted at once, the second sees the first. A
    panel with a vacant seat waits until the seat is filled or the panel is closed.
    """
    review = await work.get(cases, (await work.read(sheets, sheet_id)).review_id)
    sheet = await work.get(sheets, sheet_id, version=version)
    programme = await programme_of(work, sheet.round_id)
    sheet.submit(programme=programme, at=work.now)
    panel = await work.find(all_sheets, Sheet.review_id == review.id, Sheet.state.in_(SEATED))
    if not review.vacancies and all(each.state is State.SUBMITTED for each in panel):
        review.take_score(programme.official_score([each.decimals() for each in panel]))
    return sheet
