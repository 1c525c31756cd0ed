"""How panels are drawn: every waiting case of a round in one transaction, or none."""

from common.storage.work import Work
from review_service.draws.lots import Candidate, draw_panel
from review_service.draws.model import Draw
from review_service.draws.refusals import NothingToDraw, PanelCannotBeFilled
from review_service.experts.storage import experts
from review_service.reviews.lifecycle import State
from review_service.reviews.model import Review
from review_service.reviews.storage import reviews
from review_service.rounds.storage import programme_of
from review_service.sheets.model import Sheet


async def draw_panels(work: Work, *, round_id: str, seed: str) -> Draw:
    """Draw a panel for each case that waits, and lay out the sheets."""
    size = (await programme_of(work, round_id)).panel_size
    waiting = await work.find(reviews, Review.round_id == round_id, Review.state == State.PENDING)
    if not waiting:
        raise NothingToDraw
    pool = [
        Candidate(each.id, each.sub, each.employer, each.division, frozenset(each.conflicts))
        for each in await work.find(experts)
    ]
    draw = Draw(
        id=work.new_id("drw"),
        round_id=round_id,
        seed=seed,
        panel_size=size,
        drawn_at=work.now,
        drawn_by=work.actor.sub,
        panels=[],
    )
    protocol = []
    for review in waiting:
        panel = draw_panel(
            pool, seed=seed, review_id=review.id, applicant=review.applicant, division=review.division, size=size
        )
        if len(panel.drawn) < size:
            raise PanelCannotBeFilled(application=review.application_id, needed=size, eligible=panel.eligible)
        review.assign(draw_id=draw.id, size=size)
        for expert in panel.drawn:
            sheet = Sheet(
                id=work.new_id("sht"),
                review_id=review.id,
                round_id=round_id,
                expert_id=expert.id,
                expert_sub=expert.sub,
                laid_out_at=work.now,
            )
            sheet.lay_out()
            work.add(sheet)
        protocol.append(
            {
                "review_id": review.id,
                "drawn": [expert.id for expert in panel.drawn],
                "skipped": [{"expert_id": expert_id, "reason": why.value} for expert_id, why in panel.skipped],
            }
        )
    draw.panels = protocol
    draw.enter()
    return work.add(draw)
