"""The routes under recusals, sheets, experts and reviews by which seats of a panel are emptied, filled or given up."""

from common.codes.uscc import UsccOrException
from common.kernel.text import Id, LongText, ShortText
from common.programme.parts import Code
from common.web.input.parts import Reason
from common.web.input.strict import Schema
from common.web.router import IfMatch, Work
from review_service.cases.recusals.model import Recusal
from review_service.cases.recusals.routes import DECLARES, RecusalView, router as recusals
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.routes import ReviewView, router as reviews
from review_service.panel.experts.model import Expert
from review_service.panel.experts.routes import ConflictGiven, ExpertView, router as experts
from review_service.panel.seats import commands
from review_service.panel.sheets.model import Sheet
from review_service.panel.sheets.routes import SheetSummary, router as sheets

__all__ = ["experts", "recusals", "reviews", "sheets"]


class NewRecusal(Reason):
    """The applicant, and the person who is bound: the `sub` of his tokens; without one, who declares."""

    applicant: UsccOrException
    person: ShortText | None = None


class SheetRecusal(Schema):
    """Why the expert must not judge the case: the ground in the programme's words, and the reason in his own."""

    ground: Code
    reason: LongText


@recusals.command(allow=DECLARES, action="declare", shows=RecusalView)
async def declare_recusal(body: NewRecusal, work: Work) -> Recusal:
    """Declare that a person does not act on the cases of an applicant; an expert leaves the seats where he does."""
    return await commands.declare_recusal(work, **body.model_dump())


@sheets.command("/{sheet_id}/recusals", allow={"expert"}, action="recuse", shows=SheetSummary)
async def recuse_from_sheet(sheet_id: Id, body: SheetRecusal, work: Work, version: IfMatch) -> Sheet:
    """Recuse yourself from a case; the next expert in the order of the lots takes the seat."""
    return await commands.recuse_from_sheet(work, sheet_id, version=version, **body.model_dump())


@sheets.command("/{sheet_id}/voids", allow={"recognition_officer"}, action="void", shows=SheetSummary)
async def void_sheet(sheet_id: Id, body: Reason, work: Work, version: IfMatch) -> Sheet:
    """Declare a sheet void before its case is scored; the next expert takes the seat."""
    return await commands.void_sheet(work, sheet_id, version=version, reason=body.reason)


@sheets.command("/{sheet_id}/replacements", allow={"recognition_officer"}, action="replace", shows=SheetSummary)
async def replace_expert(sheet_id: Id, body: Reason, work: Work, version: IfMatch) -> Sheet:
    """Replace an expert whose sheet is overdue; the next expert takes the seat."""
    return await commands.replace_expert(work, sheet_id, version=version, reason=body.reason)


@experts.command(
    "/{expert_id}/conflicts", allow={"expert", "recognition_officer"}, action="declare_conflict", shows=ExpertView
)
async def declare_conflict(expert_id: Id, body: ConflictGiven, work: Work, version: IfMatch) -> Expert:
    """Declare an organisation that the expert must not judge; he leaves the seats where he judges it now."""
    conflict = body.model_dump(mode="json")
    return await commands.declare_conflict(work, expert_id, version=version, conflict=conflict)


@experts.command("/{expert_id}/ends", allow={"recognition_officer"}, action="end", shows=ExpertView)
async def end_expert(expert_id: Id, body: Reason, work: Work, version: IfMatch) -> Expert:
    """Remove a person from the pool; he leaves the seats whose sheets he has not submitted."""
    return await commands.end_expert(work, expert_id, version=version, reason=body.reason)


@reviews.command("/{review_id}/seats", allow={"recognition_officer"}, action="fill_seats", shows=ReviewView)
async def fill_seats(review_id: Id, work: Work, version: IfMatch) -> Review:
    """Look again for experts for the vacant seats of a panel."""
    return await commands.fill_seats(work, review_id, version=version)


@reviews.command("/{review_id}/closings", allow={"recognition_officer"}, action="close_panel", shows=ReviewView)
async def close_panel(review_id: Id, body: Reason, work: Work, version: IfMatch) -> Review:
    """Score a case by the sheets that are in, once the programme's minimum is reached and the term is over."""
    return await commands.close_panel(work, review_id, version=version, reason=body.reason)
