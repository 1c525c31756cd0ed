"""`/v1/programmes`: the honours' rules, proposed by one person, and public from the day another publishes them."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from applications_service.rules.programmes import commands
from applications_service.rules.programmes.lifecycle import LIFECYCLE, State
from applications_service.rules.programmes.model import ProgrammeEdition
from applications_service.rules.programmes.storage import editions, visible
from common.kernel.actor import PUBLIC
from common.kernel.text import Id, TypedText, Values
from common.kernel.values.sizes import DEFINITION, AtMost
from common.programme.cache import read_edition
from common.programme.not_yet import NOT_YET
from common.programme.wording.articles import Chapter
from common.programme.wording.whole import in_words
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.strict import Schema
from common.web.resources import Stateful
from common.web.router import IfMatch, Router, Work

router = Router("programmes", lifecycle=LIFECYCLE, store=editions)


class NewProgramme(Schema):
    """A definition to propose, as programmes/programme.schema.json describes it."""

    definition: Annotated[Values, AtMost(DEFINITION)] = Field(
        description="The whole definition; its canonical form is hashed."
    )


class ProgrammeSummary(Stateful):
    """An edition without its definition."""

    id: str
    honour: str
    edition: int | None
    digest: str
    name_zh: str
    name_en: str
    proposed_at: datetime
    published_at: datetime | None
    state: State


class NotYetInForce(BaseModel):
    """A part of the definition that the platform does not apply yet, by its name, and what is missing."""

    model_config = ConfigDict(from_attributes=True)

    field: str = Field(examples=["renewal"])
    zh: str
    en: str


class ProgrammeView(ProgrammeSummary):
    """An edition with its definition; `not_yet` is what it prints and the platform does not apply yet."""

    definition: dict[str, Any]
    not_yet: list[NotYetInForce] = Field(default_factory=lambda: [*map(NotYetInForce.model_validate, NOT_YET)])


class ArticleView(BaseModel):
    """One rule in words; `source` is where it comes from, `in_force` is false for what does not act yet."""

    model_config = ConfigDict(from_attributes=True)

    chapter: Chapter
    zh: str
    en: str
    source: str | None
    in_force: bool


class ProgrammeRules(BaseModel):
    """The rules of an edition as people read them, article by article."""

    programme_id: str
    honour: str
    edition: int | None
    digest: str
    articles: list[ArticleView]


@router.command(allow={"office"}, action="propose", shows=ProgrammeView)
async def propose_programme(body: NewProgramme, work: Work) -> ProgrammeEdition:
    """Propose a definition; another person publishes it."""
    return await commands.propose_programme(work, definition=body.definition)


@router.command("/{programme_id}/publications", allow={"office"}, action="publish", shows=ProgrammeView)
async def publish_programme(programme_id: Id, work: Work, version: IfMatch) -> ProgrammeEdition:
    """Publish an edition that another person proposed, as the honour's next."""
    return await commands.publish_programme(work, programme_id, version=version)


@router.query(allow=PUBLIC, lists=ProgrammeSummary)
async def list_programmes(work: Work, paging: Paging, honour: Annotated[TypedText | None, Query()] = None) -> Listed:
    """List the editions, newest first."""
    table = ProgrammeEdition.__table__.c
    statement = where_given(
        select(*(column for column in table if column.name != "definition")).where(visible(work.actor)),
        (table.honour, honour),
    )
    return await page(
        work,
        statement,
        paging,
        sortable={"proposed_at": table.proposed_at, "honour": table.honour},
        sort="-proposed_at",
        key=table.id,
    )


@router.query("/{programme_id}", allow=PUBLIC, shows=ProgrammeView)
async def read_programme(programme_id: Id, work: Work) -> Found:
    """Read an edition with its definition."""
    return await work.read(editions, programme_id)


@router.query("/{programme_id}/rules", allow=PUBLIC)
async def read_programme_rules(programme_id: Id, work: Work) -> ProgrammeRules:
    """Read an edition in words, article by article, each with its source."""
    edition = await work.read(editions, programme_id)
    articles = in_words(read_edition(edition.digest, edition.definition))
    return ProgrammeRules(
        programme_id=edition.id,
        honour=edition.honour,
        edition=edition.edition,
        digest=edition.digest,
        articles=[ArticleView.model_validate(each) for each in articles],
    )
