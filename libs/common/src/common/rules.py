"""How a service keeps its own copy of every programme edition it was told of, and what waits for one to arrive."""

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any, Self

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Mapped, mapped_column

from common.actor import Actor
from common.contracts.applications import ProgrammePublished
from common.errors import NotFound
from common.model import Aggregate
from common.programme import Programme
from common.storage.columns import JsonText
from common.storage.store import Store
from common.storage.work import Work


class RulesUnknown(NotFound):
    """The service has not been told of such an edition."""

    code = "rules-unknown"
    zh = "本服务尚未收到方案版本 {key}。"
    en = "This service has not been told of the programme edition {key}."


class LearnedRules(Aggregate):
    """One edition as it was published; its id is the definition's digest, and it never changes."""

    __abstract__ = True

    honour: Mapped[str]
    edition: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JsonText)

    @classmethod
    def learned(cls, event: ProgrammePublished) -> Self:
        """Keep what was published."""
        rules = cls(id=event.digest, honour=event.honour, edition=event.edition, definition=event.definition)
        rules.note("learn")
        return rules

    @cached_property
    def programme(self) -> Programme:
        """Return the definition with its rules."""
        return Programme.from_definition(self.definition)


def awaited(digest: str) -> str:
    """Name what a case waits for until the edition with this digest has arrived."""
    return f"programme:{digest}"


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Programmes are public."""
    return true()


def rules_store(model: type[LearnedRules]) -> Store[LearnedRules]:
    """Return the store of a service's copies."""
    return Store(model, not_found=RulesUnknown, visible=visible)


def learning(model: type[LearnedRules]) -> Callable[[Work, ProgrammePublished], Awaitable[None]]:
    """Return the reaction that keeps an edition and lets go on what waited for it."""

    async def learn_rules_when_published(work: Work, event: ProgrammePublished) -> None:
        """Keep the whole definition."""
        work.add(model.learned(event))
        await work.release(awaited(event.digest))

    return learn_rules_when_published
