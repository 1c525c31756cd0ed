from datetime import date, timedelta
from typing import Any

import pytest

from applications_service.intake.applications.lifecycle import State
from applications_service.intake.applications.model import Application
from applications_service.intake.applications.refusals import (
    ApplicantKindNotAdmitted,
    ApplicationNotEligible,
    ApplicationOverlaps,
    ItemChanged,
    NotYourLevel,
    RecognitionStands,
    SupplementLimitReached,
    SupplementOverdue,
)
from applications_service.rules.rounds.refusals import RoundNotOpen
from common.codes.calendar import WorkingCalendar
from common.contracts.applications.applications import (
    ApplicationAccepted,
    ApplicationRecommended,
    ApplicationRejected,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    SupplementReceived,
    SupplementRequested,
)
from common.files.store import StoredFile
from common.kernel.actor import Actor
from common.kernel.digests import digest
from common.programme import Programme
from common.programme.terms import Terms
from common.standing.checks import Standing
from support.casts.actors import actor, id_of
from support.casts.applying import (
    APPLYING,
    AT_BODY,
    HONOUR,
    IN_CITY,
    IN_COUNTY,
    RULES,
    TERMS,
    USCC,
    WHOM,
    new_application,
    new_round,
)
from support.casts.programmes import answers, definition
from support.service.alone import START

ABOUT = {
    "application_id": "app_1",
    "round_id": "rnd_1",
    "honour": HONOUR,
    "applicant_id": id_of(USCC),
    "applicant": USCC,
    "division": "370102",
}
PDF = StoredFile(digest="sha256:new", size=10, media_type="application/pdf")


def _submit(application: Application, **changes: object) -> None:
    given: dict[str, Any] = {
        "round_": new_round(),
        "terms": TERMS,
        "contact": WHOM,
        "others_in_scope": 0,
        "standing": Standing(),
        "at": START,
    }
    application.submit(**(given | changes))


def _last(application: Application) -> tuple[str, str | None, str | None, object]:
    happened = application.recorded[-1]
    return happened.action, happened.from_state, happened.to_state, happened.event


def test_a_draft_begins_on_the_applicants_worklist_without_an_event() -> None:
    application = new_application()

    application.create(round_=new_round(), terms=TERMS, at=START)

    assert _last(application) == ("create", None, "draft", None)
    assert (application.waits_for, application.stage) == (f"applicant:{USCC}", "draft")


def test_no_draft_begins_outside_the_rounds_period() -> None:
    with pytest.raises(RoundNotOpen):
        new_application().create(round_=new_round(), terms=TERMS, at=START - timedelta(seconds=1))


def test_an_edit_replaces_the_answers() -> None:
    application = new_application()

    application.edit(answers={"product_name": "另一产品"})

    assert application.answers == {"product_name": "另一产品"}
    assert _last(application) == ("edit", "draft", "draft", None)


def test_the_same_file_under_the_same_kind_counts_once() -> None:
    application = new_application(attachments=[])

    for name in ("first.pdf", "second.pdf"):
        application.attach(kind="licence", name=name, file=PDF, programme=RULES)

    assert application.attachments == [
        {"kind": "licence", "name": "second.pdf", "digest": "sha256:new", "size": 10, "media_type": "application/pdf"}
    ]
    assert _last(application) == ("attach", "draft", "draft", None)


def test_a_submission_freezes_the_content_under_its_digest_and_waits_for_the_county() -> None:
    application = new_application()

    _submit(application)

    assert application.snapshot is not None
    assert application.digest == digest(application.snapshot)
    assert application.snapshot["answers"] == answers(HONOUR)
    assert _last(application) == (
        "submit",
        "draft",
        "submitted",
        ApplicationSubmitted(
            **ABOUT,
            digest=application.digest,
            receipt_number="2015-1",
            submitted_at=START,
            snapshot=application.snapshot,
            contact=WHOM,
        ),
    )
    assert (application.waits_for, application.stage) == ("recommender:370102", "submitted")


def test_the_receipt_number_and_the_first_submission_stay_when_it_is_handed_in_again() -> None:
    application = new_application("returned")

    _submit(application, at=START + timedelta(days=90))

    assert (application.receipt_number, application.submitted_at) == ("2015-1", START)
    assert (application.recommenders, application.reason) == ([], None)
    assert application.state is State.SUBMITTED


def test_a_draft_is_not_handed_in_after_the_closing_or_over_another_for_the_same_item() -> None:
    with pytest.raises(RoundNotOpen):
        _submit(new_application(), at=START + timedelta(days=90))
    with pytest.raises(ApplicationOverlaps):
        _submit(new_application(), others_in_scope=1)


def test_a_kind_of_applicant_that_the_programme_does_not_admit_begins_nothing() -> None:
    with pytest.raises(ApplicantKindNotAdmitted):
        new_application(applicant_kind="branch").create(round_=new_round(), terms=TERMS, at=START)


def test_an_applicant_whose_place_is_a_city_is_recommended_by_the_city_alone() -> None:
    application = new_application(division="370100")
    _submit(application)
    assert application.waits_for == "recommender:370100"

    application.recommend(by=IN_CITY, round_=new_round(), terms=TERMS, opinion="同意", at=START)

    assert (application.state, application.waits_for) == (State.RECOMMENDED, "recognition_officer")


def test_county_then_city_recommend_and_the_last_hands_it_to_the_recognition_body() -> None:
    application = new_application("submitted")

    application.recommend(by=IN_COUNTY, round_=new_round(), terms=TERMS, opinion="同意", at=START)

    event = ApplicationRecommended(**ABOUT, chain_stage="county", agency="SD-370102", recommended_at=START)
    assert _last(application) == ("recommend", "submitted", "submitted", event)
    assert (application.waits_for, application.stage) == ("recommender:370100", "submitted")

    application.recommend(by=IN_CITY, round_=new_round(), terms=TERMS, opinion="同意", at=START)

    event = ApplicationRecommended(**ABOUT, chain_stage="city", agency="SD-370100", recommended_at=START)
    assert _last(application) == ("conclude_recommendation", "submitted", "recommended", event)
    assert (application.waits_for, application.stage) == ("recognition_officer", "recommended")
    assert [each["agency"] for each in application.recommenders] == ["SD-370102", "SD-370100"]


@pytest.mark.parametrize(
    "by", [IN_CITY, actor("recommender", org="SD-370103", division="370103")], ids=["city", "neighbour"]
)
def test_nobody_recommends_or_returns_out_of_turn(by: Actor) -> None:
    application = new_application("submitted")

    with pytest.raises(NotYourLevel):
        application.recommend(by=by, round_=new_round(), terms=TERMS, opinion="同意", at=START)
    with pytest.raises(NotYourLevel):
        application.return_(by=by, terms=TERMS, reason="不符")

    assert application.recorded == []


@pytest.mark.parametrize(
    ("state", "by", "stage"),
    [
        ("submitted", IN_COUNTY, "county"),
        ("submitted", AT_BODY, "recognition_body"),
        ("recommended", AT_BODY, "recognition_body"),
    ],
)
def test_a_return_names_its_stage_and_waits_for_the_applicant(state: str, by: Actor, stage: str) -> None:
    application = new_application(state)

    application.return_(by=by, terms=TERMS, reason="请更换")

    event = ApplicationReturned(**ABOUT, chain_stage=stage, reason="请更换")
    assert _last(application) == ("return", state, "returned", event)
    assert (application.waits_for, application.reason) == (f"applicant:{USCC}", "请更换")


def test_a_supplement_is_asked_for_once_and_handed_in_by_its_day() -> None:
    application = new_application("recommended")

    application.request_supplement(by=AT_BODY, round_=new_round(), terms=TERMS, reason="缺页", at=START)

    event = SupplementRequested(**ABOUT, reason="缺页", due_on=date(2015, 10, 14))
    assert _last(application) == ("request_supplement", "recommended", "supplement_requested", event)

    completed = answers(HONOUR) | {"employees": 900}
    application.supplement(by=APPLYING, answers=completed, terms=TERMS, at=START + timedelta(days=6))

    assert application.snapshot is not None
    assert application.snapshot["answers"] == completed
    assert application.digest == digest(application.snapshot)
    received = SupplementReceived(**ABOUT, digest=application.digest)
    assert _last(application) == ("supplement", "supplement_requested", "recommended", received)
    with pytest.raises(SupplementLimitReached):
        application.request_supplement(by=AT_BODY, round_=new_round(), terms=TERMS, reason="再补", at=START)


@pytest.mark.parametrize("allowed", [0, 1, 2])
def test_a_supplement_is_asked_for_as_often_as_the_programme_allows_and_each_can_be_extended(allowed: int) -> None:
    changed = definition(HONOUR)
    changed["acceptance"]["supplements"] = allowed
    terms = Terms(Programme.from_definition(changed), WorkingCalendar(), START.date())
    application = new_application()
    _submit(application, terms=terms)
    for by in (IN_COUNTY, IN_CITY):
        application.recommend(by=by, round_=new_round(), terms=terms, opinion="同意推荐。", at=START)

    for _ in range(allowed):
        application.request_supplement(by=AT_BODY, round_=new_round(), terms=terms, reason="缺页", at=START)
        assert application.supplement_extended is False
        application.overdue_at = START
        application.extend_supplement(by=AT_BODY, terms=terms, reason="检验机构延误。")
        application.supplement(by=APPLYING, answers=answers(HONOUR), terms=terms, at=START)

    with pytest.raises(SupplementLimitReached):
        application.request_supplement(by=AT_BODY, round_=new_round(), terms=terms, reason="再补", at=START)


def test_a_supplement_after_its_day_in_shanghai_is_too_late() -> None:
    application = new_application("supplement_requested", supplement_due_on=date(2015, 10, 8))
    midnight = START.replace(hour=16)

    with pytest.raises(SupplementOverdue):
        application.supplement(by=APPLYING, answers=answers(HONOUR), terms=TERMS, at=midnight)

    application.supplement(by=APPLYING, answers=answers(HONOUR), terms=TERMS, at=midnight - timedelta(seconds=1))
    assert application.state is State.RECOMMENDED


def test_a_supplement_does_not_put_another_item_in_the_place_of_the_recommended_one() -> None:
    application = new_application("supplement_requested")
    other = answers(HONOUR)
    other["trademark"] = other["trademark"] | {"registration_number": "90000009"}

    with pytest.raises(ItemChanged) as refused:
        application.supplement(by=APPLYING, answers=other, terms=TERMS, at=START)

    assert (refused.value.code, refused.value.pointer) == ("item-changed", "/answers")
    assert application.recorded == []


def test_an_acceptance_hands_the_snapshot_to_the_review() -> None:
    application = new_application("recommended")

    application.accept(by=AT_BODY, round_=new_round(), programme=RULES, standing=Standing(), at=START)

    assert application.snapshot is not None
    event = ApplicationAccepted(
        **ABOUT,
        edition=1,
        programme_digest=RULES.digest,
        digest=digest(application.snapshot),
        accepted_at=START,
        recommenders=("SD-370102", "SD-370100"),
        snapshot=application.snapshot,
    )
    assert _last(application) == ("accept", "recommended", "accepted", event)
    assert (application.waits_for, application.stage) == (None, "accepted")


def test_what_a_rule_of_the_programme_forbids_is_not_accepted() -> None:
    application = new_application("recommended")
    assert application.snapshot is not None
    application.snapshot = application.snapshot | {"applicant": {"kind": "association"}}

    with pytest.raises(ApplicationNotEligible) as refused:
        application.accept(by=AT_BODY, round_=new_round(), programme=RULES, standing=Standing(), at=START)

    assert "。。" not in refused.value.text()
    assert (application.state, application.recorded) == (State.RECOMMENDED, [])


def test_a_rejection_publishes_each_reason() -> None:
    application = new_application("recommended")

    application.reject(by=AT_BODY, reasons=["一。", "二。"])

    assert _last(application) == (
        "reject",
        "recommended",
        "rejected",
        ApplicationRejected(**ABOUT, reasons=("一。", "二。")),
    )
    assert (application.waits_for, application.stage, application.reason) == (None, "rejected", "一；二。")


def test_a_withdrawn_draft_is_not_published() -> None:
    application = new_application()

    application.withdraw(by=APPLYING, reason="改主意", at=START)

    assert _last(application) == ("withdraw", "draft", "withdrawn", None)


@pytest.mark.parametrize("state", ["submitted", "returned", "recommended", "supplement_requested"])
def test_a_withdrawal_of_what_was_handed_in_is_published(state: str) -> None:
    application = new_application(state)

    application.withdraw(by=APPLYING, reason="改制", at=START)

    assert _last(application) == ("withdraw", state, "withdrawn", ApplicationWithdrawn(**ABOUT, reason="改制"))
    assert (application.waits_for, application.stage) == (None, "withdrawn")


@pytest.mark.parametrize("known", [{"outcome": "recognised"}, {"brand_number": "SDMP-2015-00001-B"}])
def test_a_concluded_review_is_not_withdrawn_from(known: dict[str, str]) -> None:
    application = new_application("accepted", **known)

    with pytest.raises(RecognitionStands):
        application.withdraw(by=APPLYING, reason="改制", at=START)

    assert application.state is State.ACCEPTED
