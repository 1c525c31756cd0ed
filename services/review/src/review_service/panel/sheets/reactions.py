"""The reactions of sheets to events of the applications service."""

from common.contracts.applications.applications import WithdrawalRequested
from common.storage.work import Work
from review_service.cases.reviews.lifecycle import State as ReviewState
from review_service.cases.reviews.reactions import settle_withdrawal
from review_service.panel.sheets.lifecycle import State
from review_service.panel.sheets.model import Sheet
from review_service.panel.sheets.storage import sheets


async def settle_when_withdrawal_requested(work: Work, event: WithdrawalRequested) -> None:
    """Settle the request; when the case ends, its open sheets are void, and sealed sheets do not change."""
    review = await settle_withdrawal(work, event)
    if review.state is ReviewState.WITHDRAWN:
        for sheet in await work.find(sheets, Sheet.review_id == review.id, Sheet.state == State.OPEN):
            sheet.void(reason=event.reason)
