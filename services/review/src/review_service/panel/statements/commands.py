"""The command by which an expert signs."""

from common.storage.work import Work
from review_service.cases.rounds.storage import rounds
from review_service.panel.statements.model import Statement
from review_service.panel.statements.refusals import StatementAlreadySigned
from review_service.panel.statements.storage import signed_at


async def sign_statement(work: Work, *, round_id: str) -> Statement:
    """Sign the statement of the round's programme, once."""
    round_ = await work.read(rounds, round_id)
    if await signed_at(work, round_id) is not None:
        raise StatementAlreadySigned
    statement = Statement(
        id=work.new_id(Statement),
        round_id=round_id,
        expert_sub=work.actor.sub,
        programme_digest=round_.programme_digest,
        signed_at=work.now,
    )
    statement.sign()
    return work.add(statement)
