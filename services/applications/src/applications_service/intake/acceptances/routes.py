"""`/v1/rounds/{round_id}/acceptance-conclusions`: the end of a round's acceptance."""

from applications_service.intake.acceptances import commands
from applications_service.rules.rounds.model import Round
from applications_service.rules.rounds.routes import RoundView, router
from common.kernel.text import Id
from common.web.router import IfMatch, Work

__all__ = ["router"]


@router.command(
    "/{round_id}/acceptance-conclusions", allow={"recognition_officer"}, action="conclude_acceptance", shows=RoundView
)
async def conclude_acceptance(round_id: Id, work: Work, version: IfMatch) -> Round:
    """Conclude the acceptance: every application is accepted or ended, and the review may draw."""
    return await commands.conclude_acceptance(work, round_id, version=version)
