"""A review is visible to the province-wide agencies, and to partners in its area. Experts see only their sheets.

Here is also from whom a row about one case, or a step on all cases of a round, is withheld by a recusal.
"""

from dataclasses import replace

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, false, select, true

from common.kernel.actor import PROVINCE_WIDE, Actor, Role
from common.recusals.binding import Withheld
from common.storage.areas import inside
from common.storage.store import Store
from common.storage.work import Work
from review_service.cases.recusals.storage import bound
from review_service.cases.reviews.lifecycle import UNDECIDED, State
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.refusals import ReviewNotFound
from review_service.cases.rounds.model import Round
from review_service.cases.rounds.storage import rounds


def visible(actor: Actor) -> ColumnElement[bool]:
    """Province-wide agencies see all reviews, partners those in their area."""
    if actor.roles & PROVINCE_WIDE:
        return true()
    return inside(Review.division, actor.division) if actor.has(Role.PARTNER) else false()


def visible_whole(_actor: Actor) -> ColumnElement[bool]:
    """Commands of other nouns see every review; the routes of these commands define who may call them."""
    return true()


async def applications_in(work: Work, round_id: str) -> list[str]:
    """Return the ids of the applications of a round that this service reviews, also of those that have ended."""
    asked = select(Review.application_id).where(Review.round_id == round_id)
    return [row.application_id for row in await work.rows(asked)]


async def shortlisted(work: Work, application_id: str) -> bool:
    """Return whether the case of an application has a place on its round's list."""
    one = select(Review.id).where(Review.application_id == application_id, Review.state == State.SHORTLISTED)
    return await work.one(one) is not None


_bound = bound(Review.applicant)


def bound_by_case(of_review: SQLColumnExpression[str]) -> Withheld:
    """Return from whom a row about one case is withheld, by the column that names the case."""
    return lambda actor: exists().where(Review.id == of_review, _bound(actor))


def bound_by_round(of_round: SQLColumnExpression[str]) -> Withheld:
    """Return from whom a step on a whole round is withheld: who is recused from a case of it without an outcome."""
    return lambda actor: exists().where(Review.round_id == of_round, Review.state.in_(UNDECIDED), _bound(actor))


reviews = Store(Review, not_found=ReviewNotFound, visible=visible, withheld=_bound)
cases = Store(Review, not_found=ReviewNotFound, visible=visible_whole, withheld=_bound)
whole_rounds = replace(rounds, withheld=bound_by_round(Round.id))
"""Rounds for the steps that take all their cases: the draw and the ranking."""
