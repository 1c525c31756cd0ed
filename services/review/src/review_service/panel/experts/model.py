"""An expert: a person who may be drawn. This service never publishes names and conflicts."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.kernel.actor import Actor
from common.storage.columns import EnumText, JsonText
from common.storage.finding.keys import key_of
from review_service.panel.experts.lifecycle import LIFECYCLE, State
from review_service.panel.experts.refusals import PeriodReversed
from review_service.tables import Stored


class Grade(StrEnum):
    """The grade of an expert's professional title."""

    SENIOR = "senior"
    ASSOCIATE_SENIOR = "associate_senior"
    INTERMEDIATE = "intermediate"


class Expert(Stored):
    """One person of the pool; `sub` is the subject of his token.

    `organisations` are those he works or worked for, `conflicts` the declared ones with their ground, `absences` the
    days on which he is away: each a period whose days are texts, None where it is open. `yearly_load` is the most cases
    that he takes in a year, None for any number.
    """

    __tablename__ = "experts"
    __table_args__ = (UniqueConstraint("sub_key"),)
    PREFIX = "exp"
    MOVES = LIFECYCLE

    sub: Mapped[str]
    name: Mapped[str]
    division: Mapped[str]
    grade: Mapped[Grade | None] = mapped_column(EnumText(Grade))
    roles: Mapped[list[str]] = mapped_column(JsonText)
    specialities: Mapped[list[str]] = mapped_column(JsonText)
    organisations: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    conflicts: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    absences: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    yearly_load: Mapped[int | None]
    state: Mapped[State] = mapped_column(EnumText(State), default=State.ACTIVE)
    reason: Mapped[str | None] = mapped_column(default=None)
    sub_key: Mapped[str] = key_of("sub")

    def enter(self) -> None:
        """Add the person to the pool. Raises PeriodReversed."""
        move = LIFECYCLE.birth("enter")
        self._check_periods()
        self.record(move)

    def edit(
        self,
        *,
        name: str,
        division: str,
        grade: Grade | None,
        roles: list[str],
        specialities: list[str],
        organisations: list[dict[str, Any]],
        absences: list[dict[str, Any]],
        yearly_load: int | None,
    ) -> None:
        """Replace what is known of the person, except the conflicts, which are only ever added to."""
        move = LIFECYCLE.move(self.state, "edit")
        self.name, self.division, self.grade = name, division, grade
        self.roles, self.specialities = roles, specialities
        self.organisations, self.absences, self.yearly_load = organisations, absences, yearly_load
        self._check_periods()
        self.record(move)

    def declare_conflict(self, conflict: dict[str, Any], *, by: Actor, at: datetime) -> None:
        """Add an organisation that he must not judge, with its ground and who declared it."""
        move = LIFECYCLE.move(self.state, "declare_conflict")
        _check_period("/", conflict)
        self.conflicts = [*self.conflicts, {**conflict, "declared_by": by.sub, "declared_at": at.isoformat()}]
        self.record(move)

    def pause(self, *, reason: str) -> None:
        """Keep him from being drawn until he is resumed; the sheets that he has stay his."""
        move = LIFECYCLE.move(self.state, "pause")
        self.reason = reason
        self.record(move, reason=reason)

    def resume(self) -> None:
        """Let him be drawn again."""
        move = LIFECYCLE.move(self.state, "resume")
        self.reason = None
        self.record(move)

    def end(self, *, reason: str) -> None:
        """Remove him from the pool for good."""
        move = LIFECYCLE.move(self.state, "end")
        self.reason = reason
        self.record(move, reason=reason)

    def _check_periods(self) -> None:
        named: Sequence[tuple[str, Iterable[dict[str, Any]]]] = (
            ("organisations", self.organisations),
            ("conflicts", self.conflicts),
            ("absences", self.absences),
        )
        for name, periods in named:
            for place, period in enumerate(periods):
                _check_period(f"/{name}/{place}/", period)


def _check_period(pointer: str, period: dict[str, Any]) -> None:
    since_on, until_on = (period.get(name) and date.fromisoformat(period[name]) for name in ("since_on", "until_on"))
    if since_on and until_on and until_on < since_on:
        raise PeriodReversed(pointer=f"{pointer}until_on", since_on=since_on.isoformat(), until_on=until_on.isoformat())
