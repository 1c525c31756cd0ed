"""The protocol contains names of experts: only the recognition body and the observers read it.

Here too the pool is read as the draw sees it, with each expert's load and whom he reviewed.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false, func, select, true

from common.kernel.actor import Actor
from common.programme import Programme
from common.programme.definition.reviewing import REVIEWED_LAST_YEAR
from common.storage.store import Store
from common.storage.work import Found, Work
from review_service.cases.recusals.storage import recused_from
from review_service.cases.reviews.model import Review
from review_service.cases.rounds.model import Round
from review_service.panel.draws.lots import Candidate, Tie
from review_service.panel.draws.model import Draw
from review_service.panel.draws.refusals import DrawNotFound
from review_service.panel.experts.lifecycle import IN_THE_POOL, State
from review_service.panel.experts.model import Expert
from review_service.panel.experts.storage import SEES, pool
from review_service.panel.sheets.lifecycle import SEATED, State as SheetState
from review_service.panel.sheets.model import Sheet


def visible(actor: Actor) -> ColumnElement[bool]:
    """The draws are visible to everybody who sees the pool."""
    return true() if actor.roles & SEES else false()


async def candidates(work: Work, *, year: int, programme: Programme, sitting: Collection[str] = ()) -> list[Candidate]:
    """Return everybody in the pool as a draw for a round of this year sees him; the rows stay locked until the commit.

    Those `sitting` on the panel are there even when they have left the pool: their organisations count.
    """
    found = await work.find(pool, Expert.state.in_(IN_THE_POOL) | Expert.id.in_(sitting))
    loads, reviewed = await _loads(work, year), await _reviewed(work, year, look_back=_look_back(programme))
    recused = await recused_from(work)
    return [
        _candidate(
            expert,
            load=loads[expert.id],
            reviewed=reviewed.get(expert.id, frozenset()),
            recused=recused.get(expert.sub, frozenset()),
        )
        for expert in found
    ]


async def drawn_with(work: Work, review: Review) -> Found:
    """Return id and seed of the draw that made the review's panel."""
    found = await work.one(select(Draw.id, Draw.seed).where(Draw.id == review.draw_id))
    if found is None:
        raise DrawNotFound(key=review.draw_id)
    return found


async def _loads(work: Work, year: int) -> Counter[str]:
    """Return the number of cases of each expert in the rounds of the year."""
    asked = (
        select(Sheet.expert_id, func.count().label("cases"))
        .join(Round, Round.id == Sheet.round_id)
        .where(Round.year == year, Sheet.state.in_(SEATED))
        .group_by(Sheet.expert_id)
    )
    return Counter({row.expert_id: row.cases for row in await work.rows(asked)})


async def _reviewed(work: Work, year: int, *, look_back: int) -> dict[str, frozenset[tuple[str, int]]]:
    """Return by expert whom he reviewed in the years before, each applicant with the year of the round."""
    if not look_back:
        return {}
    asked = (
        select(Sheet.expert_id, Review.applicant, Round.year)
        .join(Review, Review.id == Sheet.review_id)
        .join(Round, Round.id == Sheet.round_id)
        .where(Round.year.between(year - look_back, year - 1), Sheet.state == SheetState.SUBMITTED)
        .distinct()
    )
    found: dict[str, set[tuple[str, int]]] = {}
    for row in await work.rows(asked):
        found.setdefault(row.expert_id, set()).add((row.applicant, row.year))
    return {expert: frozenset(pairs) for expert, pairs in found.items()}


def _look_back(programme: Programme) -> int:
    return max((r.look_back_years or 0 for r in programme.review.recusal if r.code == REVIEWED_LAST_YEAR), default=0)


def _candidate(
    expert: Expert, *, load: int, reviewed: frozenset[tuple[str, int]], recused: frozenset[str]
) -> Candidate:
    return Candidate(
        id=expert.id,
        sub=expert.sub,
        division=expert.division,
        roles=frozenset(expert.roles),
        specialities=frozenset(expert.specialities),
        employers=tuple(Tie(each["organisation"], *_period(each)) for each in expert.organisations),
        conflicts=tuple(Tie(each["organisation"], *_period(each), ground=each["ground"]) for each in expert.conflicts),
        absences=tuple(
            (date.fromisoformat(each["since_on"]), date.fromisoformat(each["until_on"])) for each in expert.absences
        ),
        paused=expert.state is State.PAUSED,
        load=load,
        most=expert.yearly_load,
        reviewed=reviewed,
        recused=recused,
    )


def _period(tie: dict[str, Any]) -> tuple[date | None, date | None]:
    since_on, until_on = (tie[name] and date.fromisoformat(tie[name]) for name in ("since_on", "until_on"))
    return since_on, until_on


draws = Store(Draw, not_found=DrawNotFound, visible=visible)
