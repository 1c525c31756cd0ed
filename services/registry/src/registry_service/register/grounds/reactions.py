"""The reactions that learn the grounds of registrations, in a consumer group of their own; each has its own grounds.

Round → edition; acceptance → round and snapshot, whose answers name the item; confirmed list → round and its own
digest; announcement → confirmed list. What is known already is compared and not stored again.
"""

from common.contracts.applications.applications import ApplicationAccepted
from common.contracts.review.announcements import AnnouncementPublished
from common.contracts.review.deliberations import ListConfirmed, ListedCase, list_digest
from common.editions.cases import applied_item, believed
from common.editions.model import round_awaited
from common.editions.reactions import learning_rounds
from common.messaging.consumer.parking import Waiting
from common.messaging.grounds import Contradiction, agree
from common.storage.work import Work
from registry_service.register.editions.model import Rules
from registry_service.register.editions.storage import programme
from registry_service.register.grounds.model import Acceptance, Announced, Announcement, Confirmation, Round
from registry_service.register.grounds.storage import (
    acceptance_awaited,
    acceptance_known,
    announcement_awaited,
    announcement_known,
    announcement_of_list,
    confirmation_awaited,
    confirmation_known,
    round_known,
)

learn_round_when_opened = learning_rounds(Round, Rules)


async def learn_acceptance_when_accepted(work: Work, event: ApplicationAccepted) -> Waiting | None:
    """Store that an application was accepted, with its snapshot's digest."""
    snapshot = await believed(work, event, Round)
    if isinstance(snapshot, Waiting):
        return snapshot
    known = await acceptance_known(work, event.application_id)
    if known is not None:
        agree("acceptance", event, known, "applicant_id", "applicant", "division", "digest")
        return None
    applied = applied_item(await programme(work, event.programme_digest), snapshot.answers)
    work.add(
        Acceptance.learned(
            event,
            uscc=snapshot.applicant.uscc,
            applicant_name=snapshot.applicant.name,
            item=snapshot.item,
            applied=applied,
        )
    )
    await work.release(acceptance_awaited(event.application_id))
    return None


async def learn_list_when_confirmed(work: Work, event: ListConfirmed) -> Waiting | None:
    """Store a confirmed list under its digest."""
    if list_digest(event.items) != event.list_digest:
        raise Contradiction("items", "list_digest")
    round_ = await round_known(work, event.round_id)
    if round_ is None:
        return Waiting(round_awaited(event.round_id))
    agree("round", event, round_, "honour")
    known = await confirmation_known(work, event.deliberation_id)
    if known is not None:
        agree("confirmation", event, known, "round_id", "honour", "list_digest")
        return None
    work.add(Confirmation.learned(event))
    await work.release(confirmation_awaited(event.deliberation_id))
    return None


async def learn_announcement_when_published(work: Work, event: AnnouncementPublished) -> Waiting | None:
    """Store an announcement of a confirmed list, and each case that it names; a case must be on the list."""
    confirmed = await confirmation_known(work, event.deliberation_id)
    if confirmed is None:
        return Waiting(confirmation_awaited(event.deliberation_id))
    agree("confirmation", event, confirmed, "round_id", "honour", "list_digest")
    agree("round", event, await round_known(work, event.round_id), "year")
    listed = {item["application_id"]: ListedCase.model_validate(item) for item in confirmed.items}
    for case in event.items:
        if case.application_id not in listed:
            raise Contradiction("confirmation", "items")
        agree("confirmation", case, listed[case.application_id], "applicant_id", "applicant", "rank")
    if len({case.application_id for case in event.items}) != len(event.items):
        raise Contradiction("confirmation", "items")
    known = await announcement_known(work, event.announcement_id)
    if known is not None:
        agree("announcement", event, known, "deliberation_id", "document_number", "effective_on")
        return None
    if await announcement_of_list(work, event.deliberation_id) is not None:
        raise Contradiction("announcement", "announcement_id")
    work.add(Announcement.learned(event))
    for case in event.items:
        work.add(Announced.named(event.announcement_id, case, digest=listed[case.application_id].digest))
    await work.release(announcement_awaited(event.announcement_id))
    return None
