"""The commands that empty, fill and give up seats of drawn panels.

Each locks the round first, then the case, as the draw does, so that an expert's load is counted once. A seat that is
emptied is filled in the same transaction by the next in the order of the same lots; where nobody can take it, it stays
vacant with the reasons, until `fill_seats` finds somebody or `close_panel` gives it up.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select

from common.contracts.review.reviews import PanelCause
from common.programme import Programme, SheetsTooFew
from common.storage.work import Work
from review_service.cases.recusals.commands import recusal_of
from review_service.cases.recusals.model import Recusal
from review_service.cases.reviews.lifecycle import LIFECYCLE, State as ReviewState
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.storage import cases, reviews
from review_service.cases.rounds.storage import programme_of, rounds
from review_service.panel.codes.storage import check_codes
from review_service.panel.draws.commands import case_of, lay_out, seats_for, sheet_term
from review_service.panel.draws.lots import draw_panel
from review_service.panel.draws.refusals import PanelCannotBeFilled
from review_service.panel.draws.storage import candidates, drawn_with
from review_service.panel.experts.model import Expert
from review_service.panel.experts.storage import experts
from review_service.panel.seats.refusals import PanelStillScoring
from review_service.panel.sheets.lifecycle import SEATED, State
from review_service.panel.sheets.model import Sheet
from review_service.panel.sheets.storage import all_sheets, sheets

LATE = "评分期限已过，未提交评分表。"
LEFT = "该专家已退出专家库。"
RECUSED = "该专家须回避此申报单位。"

Empty = Callable[[Sheet, Programme], None]
"""What ends a sheet; it raises where the sheet or the programme does not allow it."""


async def declare_recusal(work: Work, *, person: str | None, applicant: str, reason: str) -> Recusal:
    """Bind a person, by default the actor himself, from acting on an applicant's cases; an expert leaves his seats.

    The seats come first: afterwards who declares his own recusal may not change the applicant's panels.
    """
    await check_codes(work, {"/applicant": applicant})
    recusal = recusal_of(work, person=person, applicant=applicant, reason=reason)
    of_person = (Sheet.expert_sub == recusal.person, Review.applicant == applicant)
    for sheet_id in await _open_sheets(work, *of_person):
        await _leave(work, sheet_id, PanelCause.RECUSED, lambda sheet, _: sheet.void(reason=RECUSED), reason=RECUSED)
    recusal.declare()
    return work.add(recusal)


async def recuse_from_sheet(work: Work, sheet_id: str, *, version: int | None, ground: str, reason: str) -> Sheet:
    """Recuse oneself from a case; the ground is declared for the applicant, so that no later draw forgets it.

    The reason in the expert's own words stays on his sheet; the case records the ground only.
    """
    row = await work.read(sheets, sheet_id)

    def recuse(sheet: Sheet, programme: Programme) -> None:
        sheet.recuse(ground=ground, reason=reason, programme=programme)

    sheet = await _empty(work, row.id, PanelCause.RECUSED, recuse, version=version, reason=ground)
    expert = await work.get(experts, row.expert_id)
    applicant = (await work.read(cases, row.review_id)).applicant
    expert.declare_conflict(_conflict(applicant, ground), by=work.actor, at=work.now)
    return sheet


async def void_sheet(work: Work, sheet_id: str, *, version: int | None, reason: str) -> Sheet:
    """Declare a sheet void before the case is scored; its expert leaves the panel."""
    return await _empty(
        work, sheet_id, PanelCause.VOIDED, lambda sheet, _: sheet.void(reason=reason), version=version, reason=reason
    )


async def replace_expert(work: Work, sheet_id: str, *, version: int | None, reason: str) -> Sheet:
    """Replace an expert who has not submitted his sheet in time."""
    today = work.today

    def replace(sheet: Sheet, _: Programme) -> None:
        sheet.replace(reason=reason, today=today)

    return await _empty(work, sheet_id, PanelCause.REPLACED, replace, version=version, reason=reason)


async def declare_conflict(work: Work, expert_id: str, *, version: int | None, conflict: dict[str, Any]) -> Expert:
    """Declare an organisation that an expert must not judge; he leaves the seats where he judges it now."""
    await check_codes(work, {"/organisation": conflict["organisation"]})
    row = await work.read(experts, expert_id)
    reason = f"回避事由：{conflict['ground']}。"
    of_applicant = Review.applicant == conflict["organisation"]

    def recuse(sheet: Sheet, programme: Programme) -> None:
        sheet.recuse(ground=conflict["ground"], reason=reason, programme=programme)

    for sheet_id in await _open_sheets(work, Sheet.expert_id == row.id, of_applicant):
        await _leave(work, sheet_id, PanelCause.RECUSED, recuse, reason=conflict["ground"])
    expert = await work.get(experts, expert_id, version=version)
    expert.declare_conflict(conflict, by=work.actor, at=work.now)
    return expert


async def end_expert(work: Work, expert_id: str, *, version: int | None, reason: str) -> Expert:
    """Remove an expert from the pool; he leaves the seats whose sheets he has not submitted."""
    row = await work.read(experts, expert_id)
    for sheet_id in await _open_sheets(work, Sheet.expert_id == row.id):
        await _leave(work, sheet_id, PanelCause.VOIDED, lambda sheet, _: sheet.void(reason=LEFT), reason=LEFT)
    expert = await work.get(experts, expert_id, version=version)
    expert.end(reason=reason)
    return expert


async def fill_seats(work: Work, review_id: str, *, version: int | None) -> Review:
    """Look again for experts for the vacant seats of a panel, in the order of its lots."""
    await work.get(rounds, (await work.read(reviews, review_id)).round_id)
    review = await work.get(reviews, review_id, version=version)
    LIFECYCLE.check(review, "fill_seats", work.actor)
    programme = await programme_of(work, review.round_id)
    vacant = {each["seat"]: each.get("replaces") for each in review.vacancies}
    await _fill(work, review, programme, vacant, cause=PanelCause.FILLED)
    return review


async def close_panel(work: Work, review_id: str, *, version: int | None, reason: str) -> Review:
    """Score a case by the sheets that are in, when the programme's minimum is reached and no other sheet is in time.

    Raises SheetsTooFew, or PanelStillScoring.
    """
    review = await work.get(reviews, review_id, version=version)
    LIFECYCLE.move(review.state, "close_panel")
    programme = await programme_of(work, review.round_id)
    panel = await work.find(all_sheets, Sheet.review_id == review.id, Sheet.state.in_(SEATED))
    submitted = [sheet for sheet in panel if sheet.state is State.SUBMITTED]
    needed = programme.review.panel.minimum_sheets
    if len(submitted) < needed:
        raise SheetsTooFew(found=len(submitted), needed=needed)
    late = [sheet for sheet in panel if sheet.state is State.OPEN]
    in_time = [sheet.due_on for sheet in late if sheet.due_on is not None and work.today <= sheet.due_on]
    if in_time:
        raise PanelStillScoring(count=len(in_time), due_on=max(in_time).isoformat())
    for sheet in late:
        sheet.replace(reason=LATE, today=work.today)
    review.close_panel(programme.official_score([sheet.decimals() for sheet in submitted]), reason=reason)
    return review


async def _leave(work: Work, sheet_id: str, cause: PanelCause, end: Empty, *, reason: str) -> None:
    """Empty the seat of a sheet that was open when it was listed, unless another command has ended it since."""
    row = await work.read(all_sheets, sheet_id)
    await work.get(rounds, row.round_id)  # every command that empties a seat holds the round
    if (await work.get(all_sheets, sheet_id)).state is State.OPEN:
        await _empty(work, sheet_id, cause, end, reason=reason)


async def _empty(
    work: Work, sheet_id: str, cause: PanelCause, end: Empty, *, version: int | None = None, reason: str
) -> Sheet:
    """End a sheet of a panel that is still scoring, and fill its seat."""
    row = await work.read(all_sheets, sheet_id)
    await work.get(rounds, row.round_id)
    review = await work.get(cases, row.review_id)
    sheet = await work.get(all_sheets, sheet_id, version=version)
    programme = await programme_of(work, review.round_id)
    end(sheet, programme)
    LIFECYCLE.move(review.state, "change_panel")
    await work.flush()  # so that the queries about the panel and its experts' loads see that the sheet has ended
    await _fill(work, review, programme, {sheet.seat: sheet.id}, cause=cause, reason=reason)
    return sheet


async def _fill(
    work: Work,
    review: Review,
    programme: Programme,
    vacant: dict[int, str | None],
    *,
    cause: PanelCause,
    reason: str | None = None,
) -> None:
    """Fill these seats by the next in the order of the draw's lots; `vacant` names the sheet that each one had."""
    draw = await drawn_with(work, review)
    year = (await work.read(rounds, review.round_id)).year
    everybody = await work.find(all_sheets, Sheet.review_id == review.id, Sheet.draw_id == draw.id)
    seated = [sheet for sheet in everybody if sheet.state in SEATED]
    sitting = [sheet.expert_id for sheet in seated]
    term = await sheet_term(work, review.round_id)
    panel = draw_panel(
        await candidates(work, year=year, programme=programme, sitting=sitting),
        case=case_of(review, programme=programme, year=year, on=work.today, until=term.due_on),
        seats=[seat for seat in seats_for(review, programme) if seat.number in vacant],
        seed=draw.seed,
        sitting=sitting,
        left=[sheet.expert_id for sheet in everybody],
    )
    if cause is PanelCause.FILLED and not panel.seated:
        raise PanelCannotBeFilled.of(
            review.application_id, needed=programme.panel_size, found=len(seated), vacancy=panel.vacant[0]
        )
    for seat, expert in panel.seated:
        lay_out(work, review, seat, expert, draw_id=draw.id, term=term, replaces=vacant[seat.number])
    still = [each for each in review.vacancies if each["seat"] not in vacant]
    emptied = [{**each.as_json(), "replaces": vacant[each.seat.number]} for each in panel.vacant]
    review.change_panel(
        cause,
        readers=[*(sheet.expert_sub for sheet in seated), *(expert.sub for _, expert in panel.seated)],
        vacancies=[*still, *emptied],
        reason=reason,
    )


async def _open_sheets(work: Work, *where: Any) -> Iterable[str]:  # noqa: ANN401 -- conditions in SQL
    """Return the open sheets that fulfil the conditions on panels that score, in the order of the rounds and cases."""
    asked = (
        select(Sheet.id)
        .join(Review, Review.id == Sheet.review_id)
        .where(Sheet.state == State.OPEN, Review.state == ReviewState.ASSIGNED, *where)
        .order_by(Sheet.round_id, Sheet.review_id)
    )
    return [row.id for row in await work.rows(asked)]


def _conflict(organisation: str, ground: str) -> dict[str, Any]:
    return {"organisation": organisation, "ground": ground, "since_on": None, "until_on": None}
