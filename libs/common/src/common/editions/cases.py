"""When an accepted application is believed: its round is known and agrees, and its snapshot has the stated digest."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select

from common.contracts.applications.applications import ApplicationAccepted
from common.editions.model import LearnedRound, round_awaited
from common.kernel.event import Part
from common.messaging.consumer.parking import Waiting
from common.messaging.grounds import Contradiction, agree, agree_in_digest
from common.programme import AppliedItem, Programme
from common.storage.work import Work


class SnapshotApplicant(Part):
    """The applicant as the snapshot names it."""

    id: str
    org: str
    uscc: str | None
    name: str
    division: str


class SnapshotProgramme(Part):
    """The edition that the snapshot names."""

    honour: str
    edition: int
    digest: str


class Snapshot(Part):
    """The members of a snapshot that other services rely on."""

    application_id: str
    round_id: str
    programme: SnapshotProgramme
    applicant: SnapshotApplicant
    item: str
    answers: dict[str, Any]


def applied_item(programme: Programme, answers: Mapping[str, Any]) -> AppliedItem:
    """Return the item that a believed snapshot applies for. Raises Contradiction when the form refuses the answers."""
    if programme.check_form(answers):
        raise Contradiction("snapshot", "answers")
    return programme.item_of(answers)


async def believed(work: Work, event: ApplicationAccepted, rounds: type[LearnedRound]) -> Snapshot | Waiting:
    """Return the snapshot of an acceptance that has its grounds; waits for the round. Raises Contradiction."""
    agree_in_digest("snapshot", event.digest, event.snapshot)
    try:
        snapshot = Snapshot.model_validate(event.snapshot)
    except ValidationError as invalid:
        raise Contradiction("snapshot", *(str(error["loc"][0]) for error in invalid.errors())) from invalid
    agree("snapshot", event, snapshot, "application_id", "round_id")
    agree("snapshot", event, snapshot.applicant, "applicant_id=id", "applicant=org", "division")
    agree("snapshot", event, snapshot.programme, "honour", "edition", "programme_digest=digest")
    round_ = await work.one(select(rounds.__table__).where(rounds.id == event.round_id))
    if round_ is None:
        return Waiting(round_awaited(event.round_id))
    agree("round", event, round_, "honour", "edition", "programme_digest")
    return snapshot
