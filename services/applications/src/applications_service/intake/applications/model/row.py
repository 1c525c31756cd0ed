"""What an application stores, and its frozen content; the moves are in `model.py` and `after_acceptance.py`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from applications_service.intake.applications.lifecycle import State
from applications_service.tables import Stored
from common.contracts.applications.applications import (
    ChainStage,
)
from common.kernel.digests import digest
from common.kernel.worklist import Term
from common.programme import Outcome
from common.storage.columns import EnumText, JsonText, UtcDateTime
from common.storage.waiting.desks import OnDesk


class ApplicationRow(OnDesk, Stored):
    """The columns of an application; `applicant` is the code of the accounts that act for the applicant.

    `moved_from` is the division from which it was moved to another desk.
    """

    __abstract__ = True

    round_id: Mapped[str]
    honour: Mapped[str]
    edition: Mapped[int]
    programme_digest: Mapped[str]
    applicant_id: Mapped[str] = mapped_column(index=True)
    applicant: Mapped[str] = mapped_column(index=True)
    uscc: Mapped[str | None]
    applicant_name: Mapped[str]
    applicant_kind: Mapped[str]
    division: Mapped[str] = mapped_column(index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JsonText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    item: Mapped[str | None] = mapped_column(default=None)
    scope: Mapped[str | None] = mapped_column(default=None, index=True)
    priorities: Mapped[list[str]] = mapped_column(JsonText, default_factory=list)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.DRAFT)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default_factory=list)
    recommenders: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default_factory=list)
    readers: Mapped[list[str]] = mapped_column(JsonText, default_factory=list)
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None)
    digest: Mapped[str | None] = mapped_column(default=None)
    receipt_number: Mapped[str | None] = mapped_column(default=None)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
    supplement_due_on: Mapped[date | None] = mapped_column(default=None)
    supplements_left: Mapped[int | None] = mapped_column(default=None)
    supplement_extended: Mapped[bool] = mapped_column(default=False)
    escalated_from: Mapped[ChainStage | None] = mapped_column(EnumText(ChainStage), default=None)
    stage: Mapped[str] = mapped_column(default="draft")
    moved_from: Mapped[str | None] = mapped_column(default=None)
    outcome: Mapped[str | None] = mapped_column(default=None)
    brand_number: Mapped[str | None] = mapped_column(default=None)
    decisions: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default_factory=list)
    formal_check: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None)
    withdrawal: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None)
    division_confirmation: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None)
    uscc_exception: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None)

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """Return the rules that it broke when it was last checked, each with the values that decided."""
        found = self.formal_check or {"results": []}
        return [each for each in found["results"] if each["verdict"] == Outcome.FAILED]

    @property
    def submitted_answers(self) -> dict[str, Any]:
        """Return the answers of the last submission."""
        if self.snapshot is None:
            raise ValueError("an application that was not handed in has no snapshot")
        answers: dict[str, Any] = self.snapshot["answers"]
        return answers

    @property
    def content(self) -> dict[str, Any]:
        """Return what would be submitted now."""
        return {
            "application_id": self.id,
            "round_id": self.round_id,
            "programme": {"honour": self.honour, "edition": self.edition, "digest": self.programme_digest},
            "applicant": {
                "id": self.applicant_id,
                "org": self.applicant,
                "uscc": self.uscc,
                "name": self.applicant_name,
                "kind": self.applicant_kind,
                "division": self.division,
                "uscc_exception": self.uscc_exception,
            },
            "item": self.item,
            "answers": self.answers,
            "attachments": self.attachments,
        }

    def _about(self) -> dict[str, Any]:
        return {
            "application_id": self.id,
            "round_id": self.round_id,
            "honour": self.honour,
            "applicant_id": self.applicant_id,
            "applicant": self.applicant,
            "division": self.division,
            "uscc_exception": self.uscc_exception,
        }

    def _freeze(self) -> None:
        self.snapshot = self.content
        self.digest = digest(self.snapshot)

    def _freeze_applicant(self) -> None:
        """Freeze what was handed in again, with the name and the division of its applicant as they are now."""
        if self.snapshot is None:
            raise ValueError("an application that was not handed in has no snapshot")
        handed_in, now = self.snapshot, {"name": self.applicant_name, "division": self.division}
        self.snapshot = handed_in | {"applicant": handed_in["applicant"] | now}
        self.digest = digest(self.snapshot)

    def _digest(self) -> str:
        if self.digest is None:
            raise ValueError("an application that was not handed in has no digest")
        return self.digest

    def _wait_on(self, desk: str | None, term: Term | None = None, *, stage: str) -> None:
        self.wait(desk, term)
        self.stage = stage
