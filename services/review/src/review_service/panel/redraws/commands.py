"""The commands that propose and decide a redraw; the case's row is locked first, as every change of its panel does."""

from common.storage.work import Work
from review_service.cases.reviews.storage import reviews
from review_service.panel.redraws.lifecycle import State
from review_service.panel.redraws.model import Redraw
from review_service.panel.redraws.refusals import RedrawAlreadyProposed
from review_service.panel.redraws.storage import redraws
from review_service.panel.sheets.lifecycle import SEATED
from review_service.panel.sheets.model import Sheet
from review_service.panel.sheets.storage import all_sheets


async def propose_redraw(work: Work, review_id: str, *, version: int | None, reason: str) -> Redraw:
    """Propose to draw a case again; its panel does not change before another person approves."""
    review = await work.get(reviews, review_id, version=version)
    if await work.find(redraws, Redraw.review_id == review.id, Redraw.state == State.PROPOSED):
        raise RedrawAlreadyProposed
    redraw = Redraw(
        id=work.new_id(Redraw),
        review_id=review.id,
        round_id=review.round_id,
        draw_id=review.draw_id or "",
        reason=reason,
        proposed_by=work.actor.sub,
        proposed_at=work.now,
    )
    redraw.propose(review)
    return work.add(redraw)


async def approve_redraw(work: Work, redraw_id: str, *, version: int | None) -> Redraw:
    """Approve it: the sheets of the panel are void, and the case waits for the next draw of its round."""
    review = await work.get(reviews, (await work.read(redraws, redraw_id)).review_id)
    redraw = await work.get(redraws, redraw_id, version=version)
    redraw.approve(by=work.actor, at=work.now)
    review.dissolve_panel(reason=redraw.reason)
    for sheet in await work.find(all_sheets, Sheet.review_id == review.id, Sheet.state.in_(SEATED)):
        sheet.void(reason=redraw.reason)
    return redraw


async def refuse_redraw(work: Work, redraw_id: str, *, version: int | None, reason: str) -> Redraw:
    """Refuse it; the panel stays as it is."""
    redraw = await work.get(redraws, redraw_id, version=version)
    redraw.refuse(by=work.actor, reason=reason, at=work.now)
    return redraw
