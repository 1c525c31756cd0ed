"""The command that draws panels, for all waiting cases of a round in one transaction."""

from collections import Counter
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from common.kernel.worklist import Term
from common.programme import Programme
from common.storage.work import Work
from review_service.cases.reviews.lifecycle import State
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.storage import applications_in, reviews, whole_rounds
from review_service.cases.rounds.storage import programme_of, terms_of
from review_service.panel.draws.lots import Candidate, Case, Seat, draw_panel, seats_of
from review_service.panel.draws.model import Draw
from review_service.panel.draws.refusals import NothingToDraw, PanelCannotBeFilled, SeedAlreadyUsed
from review_service.panel.draws.storage import candidates
from review_service.panel.sheets.model import Sheet


async def draw_panels(work: Work, *, round_id: str, seed: str) -> Draw:
    """Draw a panel for each case that waits, and create the sheets; every accepted case must be here.

    A case whose panel would have fewer experts than sheets are demanded goes on waiting, and the protocol says why;
    when no case gets a panel, the draw is refused. The round's row is locked, so that one draw follows another.
    """
    round_ = await work.get(whole_rounds, round_id)
    round_.check_whole(await applications_in(work, round_id))
    programme = await programme_of(work, round_id)
    waiting = await work.find(reviews, Review.round_id == round_id, Review.state == State.PENDING)
    if not waiting:
        raise NothingToDraw
    if await work.rows(select(Draw.id).where(Draw.round_id == round_id, Draw.seed == seed).limit(1)):
        raise SeedAlreadyUsed
    pool = await candidates(work, year=round_.year, programme=programme)
    term = await sheet_term(work, round_id)
    draw = Draw(
        id=work.new_id(Draw),
        round_id=round_id,
        seed=seed,
        panel_size=programme.panel_size,
        drawn_at=work.now,
        drawn_by=work.actor.sub,
        agency=work.actor.org,
        panels=[],
    )
    taken: Counter[str] = Counter()
    refusals = []
    for review in waiting:
        case = case_of(review, programme=programme, year=round_.year, on=work.today, until=term.due_on)
        loaded = [replace(one, load=one.load + taken[one.id]) for one in pool]
        panel = draw_panel(loaded, case=case, seats=seats_for(review, programme), seed=seed)
        vacancies = [each.as_json() for each in panel.vacant]
        enough = len(panel.seated) >= programme.review.panel.minimum_sheets
        if enough:
            review.assign(
                draw_id=draw.id, due_on=term.due_on, readers=[one.sub for _, one in panel.seated], vacancies=vacancies
            )
            for seat, expert in panel.seated:
                lay_out(work, review, seat, expert, draw_id=draw.id, term=term)
                taken[expert.id] += 1
        else:
            refusals.append(
                PanelCannotBeFilled.of(
                    review.application_id,
                    needed=programme.review.panel.minimum_sheets,
                    found=len(panel.seated),
                    vacancy=panel.vacant[0],
                )
            )
        draw.panels.append(
            {
                "review_id": review.id,
                "drawn": [expert.id for _, expert in panel.seated] if enough else [],
                "seats": [{"seat": seat.number, "role": seat.role} for seat, _ in panel.seated] if enough else [],
                "skipped": [{"expert_id": expert_id, "reason": str(why)} for expert_id, why in panel.skipped],
                "vacant": vacancies,
            }
        )
    if len(refusals) == len(waiting):
        raise refusals[0]
    draw.enter()
    return work.add(draw)


def case_of(review: Review, *, programme: Programme, year: int, on: date, until: date) -> Case:
    """Return the case as the draw sees it."""
    return Case(
        review_id=review.id,
        applicant=review.applicant,
        division=review.division,
        year=year,
        on=on,
        until=until,
        grounds={rule.code: rule.look_back_years for rule in programme.review.recusal},
    )


async def sheet_term(work: Work, round_id: str) -> Term:
    """Return the term of a sheet that is given out today."""
    return (await terms_of(work, round_id)).of("scoring")


def seats_for(review: Review, programme: Programme) -> tuple[Seat, ...]:
    """Return the seats of the case's panel, by the category that it was submitted in."""
    return seats_of(programme, programme.item_of(review.snapshot["answers"]).category)


def lay_out(
    work: Work,
    review: Review,
    seat: Seat,
    expert: Candidate,
    *,
    draw_id: str,
    term: Term,
    replaces: str | None = None,
) -> Sheet:
    """Create the sheet of an expert who takes a seat."""
    sheet = Sheet(
        id=work.new_id(Sheet),
        review_id=review.id,
        round_id=review.round_id,
        draw_id=draw_id,
        expert_id=expert.id,
        expert_sub=expert.sub,
        seat=seat.number,
        role=seat.role,
        laid_out_at=work.now,
        replaces=replaces,
    )
    sheet.lay_out(term)
    return work.add(sheet)
