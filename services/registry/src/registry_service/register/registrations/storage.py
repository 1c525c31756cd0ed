"""The recognition body, the office and observers see every registration; its grounds are looked up here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import ColumnElement, false, func, select, true

from common.contracts.review.reviews import Registration as Granted, ReviewCompleted
from common.editions.model import awaited
from common.kernel.actor import Actor, Role
from common.messaging.grounds import differing
from common.storage.store import Store
from common.storage.work import Work
from registry_service.register.brands.model import Brand
from registry_service.register.editions.storage import known_programme
from registry_service.register.grounds.storage import (
    acceptance_awaited,
    acceptance_known,
    announced_case,
    announcement_awaited,
    announcement_known,
)
from registry_service.register.registrations.lifecycle import State
from registry_service.register.registrations.model import Registration
from registry_service.register.registrations.refusals import RegistrationNotFound

SEES: Final = frozenset({Role.RECOGNITION_OFFICER, Role.OFFICE, Role.OBSERVER})


def visible(actor: Actor) -> ColumnElement[bool]:
    """The recognition body, the office and observers see every registration."""
    return true() if actor.roles & SEES else false()


registrations = Store(Registration, not_found=RegistrationNotFound, visible=visible)


def received(event_id: str) -> str:
    """Return the name under which a recognition waits until its registration has been received."""
    return f"registration:{event_id}"


class Finding(StrEnum):
    """What is known of a ground."""

    AGREES = "agrees"
    MISSING = "missing"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground of a registration: what is awaited while it is missing, and the members that contradict it."""

    name: str
    awaited: str | None = None
    contradicting: tuple[str, ...] = ()

    @property
    def finding(self) -> Finding:
        """Return whether it agrees, is missing or contradicts."""
        if self.contradicting:
            return Finding.CONTRADICTS
        return Finding.AGREES if self.awaited is None else Finding.MISSING


async def grounds_of(work: Work, event: ReviewCompleted, granted: Granted) -> list[Ground]:
    """Look up every ground of a registration: its rules, the acceptance, the announcement, and that it is the first."""
    stated = SimpleNamespace(**dict(event), **dict(granted))
    return [
        await _rules(work, stated),
        await _acceptance(work, stated),
        await _announcement(work, stated),
        await _announced(work, stated),
        await _first(work, stated),
    ]


async def _rules(work: Work, stated: Any) -> Ground:  # noqa: ANN401 -- the members of two models in one
    known = await known_programme(work, stated.programme_digest)
    if known is None:
        return Ground("programme", awaited(stated.programme_digest))
    return Ground("programme", None, differing(stated, known.title, ("validity_years", "number_pattern")))


async def _acceptance(work: Work, stated: Any) -> Ground:  # noqa: ANN401 -- as above
    known = await acceptance_known(work, stated.application_id)
    if known is None:
        return Ground("acceptance", acceptance_awaited(stated.application_id))
    members = ("round_id", "honour", "edition", "programme_digest", "division")
    applicant = ("applicant_id", "applicant", "uscc", "applicant_name")
    item = ("item", "category", "scope", "trademark", "digest")
    found = differing(stated, known, (*members, *applicant, *item))
    return Ground("acceptance", None, found if list(stated.models) == known.models else (*found, "models"))


async def _announcement(work: Work, stated: Any) -> Ground:  # noqa: ANN401 -- as above
    if stated.announcement_id is None:
        return Ground("announcement", None, ("announcement_id",))
    known = await announcement_known(work, stated.announcement_id)
    if known is None:
        return Ground("announcement", announcement_awaited(stated.announcement_id))
    members = ("round_id", "honour", "year", "document_number", "effective_on")
    return Ground("announcement", None, differing(stated, known, members))


async def _announced(work: Work, stated: Any) -> Ground:  # noqa: ANN401 -- as above
    if stated.announcement_id is None or await announcement_known(work, stated.announcement_id) is None:
        return Ground("list")  # reported as the announcement
    known = await announced_case(work, stated.announcement_id, stated.application_id)
    if known is None:
        return Ground("list", None, ("application_id",))
    members = ("applicant_id", "applicant", "applicant_name", "item", "rank", "digest")
    return Ground("list", None, differing(stated, known, members))


async def _first(work: Work, stated: Any) -> Ground:  # noqa: ANN401 -- as above
    same = (Brand.application_id == stated.application_id) | (Brand.review_id == stated.review_id)
    taken = await work.rows(select(Brand.application_id, Brand.review_id).where(same))
    return Ground("brand", None, ("application_id", "review_id") if taken else ())


async def waiting(work: Work) -> tuple[int, datetime | None]:
    """Return how many registrations wait, and since when the oldest does."""
    table = Registration.__table__.c
    asked = select(func.count(), func.min(table.received_at)).where(table.state == State.WAITING)
    rows: Sequence[Any] = await work.rows(asked)
    return rows[0][0], rows[0][1]
