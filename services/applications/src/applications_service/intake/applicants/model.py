"""An applicant: the organisation or person behind applications, registered once under the code of its accounts."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from applications_service.intake.applicants.refusals import (
    ApplicantMerged as HasMerged,
    ChangeDayWrong,
    DivisionNotYours,
    MergedIntoItself,
    NothingCorrected,
    PlaceTooWide,
)
from applications_service.tables import Stored
from common.codes.division_table import check_division
from common.codes.divisions import Level, reaches
from common.contracts.applications.applicants import ApplicantCorrected, ApplicantMerged, ApplicantRenamed
from common.contracts.applications.contacts import Contact, ContactChanged
from common.kernel.actor import Actor
from common.kernel.clock import legal_date
from common.storage.columns import JsonText, UtcDateTime
from common.storage.finding.keys import Key, key_of


class Source(StrEnum):
    """Who confirmed that an applicant belongs to its division: the issuer of its token, or a recommender."""

    ACCOUNT = "account"
    RECOMMENDER = "recommender"


class Applicant(Stored):
    """One applicant, by an id of ours; `contact` is personal and leaves the service only on the internal topic.

    `org` is the code in the tokens of all who act for it. It is the USCC, except where there is none.
    """

    __tablename__ = "applicants"
    __table_args__ = (UniqueConstraint("org_key"),)
    PREFIX = "apl"
    CASE_OF = "org"

    org: Mapped[str]
    uscc: Mapped[str | None] = mapped_column(Key())
    name: Mapped[str]
    kind: Mapped[str]
    division: Mapped[str]
    contact: Mapped[dict[str, Any]] = mapped_column(JsonText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    division_confirmation: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None)
    uscc_exception: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None)
    former_names: Mapped[list[dict[str, str]]] = mapped_column(JsonText, default_factory=list)
    merged_into: Mapped[str | None] = mapped_column(index=True, default=None)
    merged_into_org: Mapped[str | None] = mapped_column(default=None)
    changed_on: Mapped[date | None] = mapped_column(default=None)
    org_key: Mapped[str] = key_of("org")

    @property
    def reachable_at(self) -> Contact:
        """Return the contact person."""
        return Contact.model_validate(self.contact)

    def register(self, *, by: Actor, at: datetime) -> None:
        """Register the organisation in the county or city that recommends it.

        Raises DivisionUnknown for a code that is not in use, PlaceTooWide for a province, and DivisionNotYours for
        another division than that of the token.
        """
        self._settle_in(self.division, by=by, at=at)
        self.note("register")

    def correct_division(self, division: str, *, by: Actor, at: datetime) -> None:
        """Move to another county or city, which must confirm it again; applications follow when they are submitted.

        Raises as `register`.
        """
        self._settle_in(division, by=by, at=at)
        self.note("correct_division")

    def correct(self, *, name: str, division: str, by: Actor, reason: str, at: datetime) -> None:
        """Correct a mistake in the name or the division; who belongs to another division is confirmed there again.

        Raises NothingCorrected, DivisionUnknown, and PlaceTooWide for a province.
        """
        self.check_remains()
        if (name, division) == (self.name, self.division):
            raise NothingCorrected
        event = ApplicantCorrected(
            **self._about() | {"division": division},
            name_before=self.name,
            name=name,
            division_before=self.division,
            agency=by.org,
            reason=reason,
            corrected_at=at,
        )
        if division != self.division:
            self._check_place(division, at)
            self.division_confirmation = None
        self.name, self.division = name, division
        self.note("correct", event, reason=reason)

    def rename(self, *, name: str, changed_on: date, document: str, by: Actor, at: datetime) -> None:
        """Take the name that the registration authority has recorded; the one before stays known with its last day.

        Raises ApplicantMerged, NothingCorrected and ChangeDayWrong.
        """
        self.check_remains()
        self._check_day(changed_on, at)
        if name == self.name:
            raise NothingCorrected
        event = ApplicantRenamed(
            **self._about(),
            name_before=self.name,
            name=name,
            changed_on=changed_on,
            document=document,
            agency=by.org,
            recorded_at=at,
        )
        self.former_names = [*self.former_names, {"name": self.name, "until_on": changed_on.isoformat()}]
        self.name, self.changed_on = name, changed_on
        self.note("rename", event, reason=document)

    def merge(self, into: "Applicant", *, changed_on: date, document: str, by: Actor, at: datetime) -> None:
        """End by a merger: the one that remains applies from now on, and has its titles and bars as its own.

        Raises MergedIntoItself, ApplicantMerged for either, and ChangeDayWrong.
        """
        if into.id == self.id:
            raise MergedIntoItself
        self.check_remains()
        into.check_remains()
        self._check_day(changed_on, at)
        event = ApplicantMerged(
            **self._about(),
            into_id=into.id,
            into=into.org,
            changed_on=changed_on,
            document=document,
            agency=by.org,
            recorded_at=at,
        )
        self.merged_into, self.merged_into_org, self.changed_on = into.id, into.org, changed_on
        self.note("merge", event, reason=document)
        into.note("take_over", reason=document)  # another merger at the same time may not end the one that remains

    def check_remains(self) -> None:
        """Raise ApplicantMerged when it has ended by a merger."""
        if self.merged_into is not None:
            raise HasMerged(into=self.merged_into_org, merged_on=f"{self.changed_on}")

    def confirm_division(self, confirmation: dict[str, Any]) -> None:
        """Store that the recommender of the division has confirmed that the organisation belongs to it."""
        self.division_confirmation = confirmation
        self.note("confirm_division")

    def change_contact(self, contact: Contact) -> None:
        """Change the contact person; applications that are submitted later contain the new one."""
        self.contact = contact.model_dump(mode="json")
        self.note("change_contact", ContactChanged(contact_id=self.id, applicant=self.org, contact=contact))

    def _about(self) -> dict[str, Any]:
        """Return what each of its events carries."""
        return {"applicant_id": self.id, "applicant": self.org, "uscc": self.uscc, "division": self.division}

    def _check_day(self, changed_on: date, at: datetime) -> None:
        if changed_on > legal_date(at) or (self.changed_on is not None and changed_on < self.changed_on):
            raise ChangeDayWrong

    def _settle_in(self, division: str, *, by: Actor, at: datetime) -> None:
        """Set the division; the token's confirms it, and without one in the token nobody has confirmed it yet."""
        self._check_place(division, at)
        if by.division is not None and by.division != division:
            raise DivisionNotYours(division=by.division)
        self.division = division
        of_token = {"source": Source.ACCOUNT, "agency": None, "confirmed_by": by.sub, "confirmed_at": at.isoformat()}
        self.division_confirmation = None if by.division is None else of_token

    @staticmethod
    def _check_place(division: str, at: datetime) -> None:
        check_division(division, on=legal_date(at))
        if not reaches(division, Level.CITY):
            raise PlaceTooWide
