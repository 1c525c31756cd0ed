"""What an expert does with his sheet; the last sheet of a review makes its official score."""

from collections.abc import Mapping
from decimal import Decimal

from common.storage.work import Work
from review_service.reviews.storage import cases
from review_service.rounds.storage import programme_of
from review_service.sheets.lifecycle import State
from review_service.sheets.model import Sheet
from review_service.sheets.storage import all_sheets, sheets


async def fill_in_sheet(work: Work, sheet_id: str, *, version: int | None, scores: Mapping[str, Decimal]) -> Sheet:
    """Keep an expert's scores until he hands them in."""
    sheet = await work.get(sheets, sheet_id, version=version)
    sheet.fill_in(scores, programme=await programme_of(work, sheet.round_id))
    return sheet


async def submit_sheet(work: Work, sheet_id: str, *, version: int | None) -> Sheet:
    """Seal the sheet and, when it is the last one, take the review's official score.

    The review's row is locked first, so that of two last sheets handed in at once one sees the other.
    """
    review = await work.get(cases, (await work.read(sheets, sheet_id)).review_id)
    sheet = await work.get(sheets, sheet_id, version=version)
    programme = await programme_of(work, sheet.round_id)
    sheet.submit(programme=programme, at=work.now)
    panel = await work.find(all_sheets, Sheet.review_id == review.id)
    if all(each.state is State.SUBMITTED for each in panel):
        review.take_score(programme.official_score([each.decimals() for each in panel]))
    return sheet
