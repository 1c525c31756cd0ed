from common.contracts.review.deliberations import list_digest
from registry_service.register.grounds.model import Acceptance, Announced, Announcement, Confirmation, Round, case_id
from support.casts.programmes import answers, programme
from support.casts.registering import HONOUR, USCC, case

CASE = case(application_id="app_1")
APPLIED = programme(HONOUR).item_of(answers(HONOUR))


def test_each_ground_keeps_what_its_event_establishes() -> None:
    accepted, confirmed, announced = CASE.accepted, CASE.confirmed, CASE.announced

    named = {"uscc": USCC, "applicant_name": "虚泉", "item": "数控车床"}
    acceptance = Acceptance.learned(accepted, **named, applied=APPLIED)
    confirmation = Confirmation.learned(confirmed)
    announcement = Announcement.learned(announced)
    round_ = Round.learned(CASE.round)

    assert (acceptance.scope, acceptance.models) == (APPLIED.scope, list(APPLIED.models))
    assert (acceptance.id, acceptance.digest, acceptance.item) == ("app_1", accepted.digest, "数控车床")
    applicant = (acceptance.applicant_id, acceptance.uscc, acceptance.applicant_name)
    assert applicant == (accepted.applicant_id, USCC, "虚泉")
    assert (confirmation.id, confirmation.list_digest) == (confirmed.deliberation_id, list_digest(confirmed.items))
    assert confirmation.items == [item.model_dump() for item in confirmed.items]
    assert (announcement.id, announcement.effective_on) == (announced.announcement_id, announced.effective_on)
    assert (round_.id, round_.programme_digest) == (accepted.round_id, accepted.programme_digest)
    for ground in (acceptance, confirmation, announcement, round_):
        assert [(item.action, item.event) for item in ground.recorded] == [("learn", None)]


def test_an_announced_case_is_found_by_its_announcement_and_application() -> None:
    (item,) = CASE.announced.items

    named = Announced.named("ann_1", item, digest="sha256:1")

    assert named.id == case_id("ann_1", "app_1")
    assert (named.applicant, named.rank, named.digest) == (item.applicant, 1, "sha256:1")
