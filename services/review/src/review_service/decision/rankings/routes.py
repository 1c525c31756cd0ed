"""`/v1/rankings`: the ranked list of each round."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel
from sqlalchemy import select

from common.contracts.review.rankings import LeavingGround, ListChange
from common.kernel.text import Id, ShortText
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.parts import Reason
from common.web.input.strict import Schema
from common.web.resources import Stateful
from common.web.router import IfMatch, Router, Work
from review_service.decision.rankings import commands
from review_service.decision.rankings.lifecycle import LIFECYCLE, State
from review_service.decision.rankings.model import Ranking
from review_service.decision.rankings.storage import SEES, rankings, visible
from review_service.decision.rankings.versions import shortlist_at

router = Router("rankings", lifecycle=LIFECYCLE, store=rankings)
ListVersionNumber = Annotated[int, Path(ge=1, le=100_000)]


class NewRanking(Schema):
    """The round to rank; `seed` decides the ties that no criterion decides."""

    round_id: ShortText
    seed: ShortText


class RemovalGround(StrEnum):
    """The grounds of a removal; the others follow from an objection, a withdrawal or the decision day."""

    VETO = "veto"
    FALSE_STATEMENT = "false_statement"
    OFFICE_DECISION = "office_decision"


class Removal(Reason):
    """The case to take off the list and why; a veto names the programme's veto rule by its code."""

    review_id: ShortText
    ground: RemovalGround
    veto_rule: ShortText | None = None


class Change(BaseModel):
    """One change of the shortlist; `list_version` is the version that it made."""

    list_version: int
    change: ListChange
    review_id: str
    application_id: str
    applicant_id: str
    applicant: str
    rank: int
    ground: LeavingGround | None
    veto_rule: str | None
    reason: str
    changed_at: datetime


class ListedCase(BaseModel):
    """One case of a version of the shortlist."""

    review_id: str
    rank: int


class ListVersion(BaseModel):
    """The shortlist as it was in one version, with the change that made it; the ranking itself made version 1."""

    list_version: int
    change: Change | None
    items: list[ListedCase]


class RankingSummary(Stateful):
    """A list without its items."""

    id: str
    round_id: str
    honour: str
    year: int
    quota: int
    state: State
    proposed_at: datetime
    list_version: int
    announced_at: datetime | None


class RankingView(RankingSummary):
    """A list with its items, each with the reason for its place, and what has changed since the ranking."""

    seed: str
    items: list[dict[str, Any]]
    changes: list[Change]


@router.command(allow={"recognition_officer"}, action="propose", shows=RankingView)
async def propose_ranking(body: NewRanking, work: Work) -> Ranking:
    """Rank the round and propose its list within the quota."""
    return await commands.propose_ranking(work, **body.model_dump())


@router.query(allow=SEES, lists=RankingSummary)
async def list_rankings(work: Work, paging: Paging, round_id: Annotated[Id | None, Query()] = None) -> Listed:
    """List the rankings, newest first."""
    table = Ranking.__table__.c
    statement = where_given(select(Ranking.__table__).where(visible(work.actor)), (table.round_id, round_id))
    sortable = {"proposed_at": table.proposed_at}
    return await page(work, statement, paging, sortable=sortable, sort="-proposed_at", key=table.id)


@router.query("/{ranking_id}", allow=SEES, shows=RankingView)
async def read_ranking(ranking_id: Id, work: Work) -> Found:
    """Read one list."""
    return await work.read(rankings, ranking_id)


@router.query("/{ranking_id}/versions/{list_version}", allow=SEES)
async def read_list_version(ranking_id: Id, list_version: ListVersionNumber, work: Work) -> ListVersion:
    """Read the shortlist as it was in one version."""
    ranking = await work.read(rankings, ranking_id)
    listed = shortlist_at(list_version, ranking.items, ranking.changes)
    return ListVersion(
        list_version=list_version,
        change=Change.model_validate(ranking.changes[list_version - 2]) if list_version > 1 else None,
        items=[ListedCase(review_id=review_id, rank=rank) for review_id, rank in listed],
    )


@router.command("/{ranking_id}/removals", allow={"office", "recognition_officer"}, action="remove", shows=RankingView)
async def remove_case(ranking_id: Id, body: Removal, work: Work, version: IfMatch) -> Ranking:
    """Take a case off the list, with ground and reason; the recognition body may for a veto only."""
    values = body.model_dump() | {"ground": LeavingGround(body.ground)}
    return await commands.remove_case(work, ranking_id, version=version, **values)


@router.command("/{ranking_id}/reserve-calls", allow={"recognition_officer"}, action="call_reserve", shows=RankingView)
async def call_reserve(ranking_id: Id, body: Reason, work: Work, version: IfMatch) -> Ranking:
    """Call up the next case on the reserve list for a vacant place."""
    return await commands.call_reserve(work, ranking_id, version=version, reason=body.reason)


@router.command("/{ranking_id}/closures", allow={"recognition_officer"}, action="close", shows=RankingView)
async def close_list(ranking_id: Id, work: Work, version: IfMatch) -> Ranking:
    """Close a list on which nobody is left to be decided; the cases outside it are not recognised."""
    return await commands.close_list(work, ranking_id, version=version)
