from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from applications_service.applications.lifecycle import State
from applications_service.applications.model import Application, Recommender, attached
from applications_service.applications.refusals import (
    ApplicantKindNotAdmitted,
    ApplicationClosed,
    ApplicationIncomplete,
    ApplicationNotEligible,
    ApplicationOverlaps,
    AttachmentNotFound,
    ItemChanged,
    MaterialUnknown,
    NotYourLevel,
    RecognitionStands,
    SupplementAskedOnce,
    SupplementOverdue,
)
from applications_service.rounds.refusals import RoundNotOpen
from common.contracts.applications import (
    ApplicationAccepted,
    ApplicationRecommended,
    ApplicationRejected,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    SupplementReceived,
    SupplementRequested,
)
from common.digests import digest
from common.divisions import Level
from common.files import StoredFile
from common.lifecycle import ActionNotAllowed
from support.applying import (
    HONOUR,
    IN_CITY,
    IN_COUNTY,
    RULES,
    STATES,
    USCC,
    WHOM,
    new_application,
    new_round,
)
from support.programmes import answers
from support.service import START

ABOUT = {"application_id": "app_1", "round_id": "rnd_1", "honour": HONOUR, "applicant": USCC, "division": "370102"}
PDF = StoredFile(digest="sha256:new", size=10, media_type="application/pdf")


def _submit(application: Application, **changes: object) -> None:
    given: dict[str, Any] = {
        "round_": new_round(),
        "programme": RULES,
        "contact": WHOM,
        "others_in_scope": 0,
        "at": START,
    }
    application.submit(**(given | changes))


def _last(application: Application) -> tuple[str, str | None, str | None, object]:
    happened = application.recorded[-1]
    return happened.action, happened.from_state, happened.to_state, happened.event


def test_a_draft_begins_on_the_applicants_desk_and_nobody_is_told() -> None:
    application = new_application()

    application.create(round_=new_round(), programme=RULES, at=START)

    assert _last(application) == ("create", None, "draft", None)
    assert (application.waits_for, application.stage) == (f"applicant:{USCC}", "draft")


def test_no_draft_begins_outside_the_rounds_period() -> None:
    with pytest.raises(RoundNotOpen):
        new_application().create(round_=new_round(), programme=RULES, at=START - timedelta(seconds=1))


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


def test_what_the_programme_does_not_ask_for_is_not_attached() -> None:
    with pytest.raises(MaterialUnknown) as refused:
        new_application().attach(kind="poem", name="poem.pdf", file=PDF, programme=RULES)

    assert refused.value.pointer == "/kind"


def test_an_attachment_is_found_by_its_digest() -> None:
    entries = new_application().attachments

    assert attached(entries, "sha256:licence")["kind"] == "licence"
    with pytest.raises(AttachmentNotFound):
        attached(entries, "sha256:none")


def test_a_submission_freezes_the_content_under_its_digest_and_lays_it_on_the_countys_desk() -> None:
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


def test_every_lack_of_the_content_is_named() -> None:
    application = new_application(attachments=[])
    del application.answers["trademark"]

    with pytest.raises(ApplicationIncomplete) as refused:
        application.identify(RULES)

    assert {problem.pointer for problem in refused.value.problems} == {
        "/answers/trademark",
        "/attachments/licence",
        "/attachments/trademark_certificate",
        "/attachments/inspection_report",
        "/attachments/declaration",
    }


def test_a_kind_of_applicant_that_the_programme_does_not_admit_begins_nothing() -> None:
    with pytest.raises(ApplicantKindNotAdmitted):
        new_application(applicant_kind="branch").create(round_=new_round(), programme=RULES, at=START)


def test_an_applicant_whose_place_is_a_city_is_recommended_by_the_city_alone() -> None:
    application = new_application(division="370100")
    _submit(application)
    assert application.waits_for == "recommender:370100"

    application.recommend(by=IN_CITY, programme=RULES, opinion="同意", at=START)

    assert (application.state, application.waits_for) == (State.RECOMMENDED, "recognition_officer")


def test_county_then_city_recommend_and_the_last_hands_it_to_the_recognition_body() -> None:
    application = new_application("submitted")

    application.recommend(by=IN_COUNTY, programme=RULES, opinion="同意", at=START)

    told = ApplicationRecommended(**ABOUT, level="county", agency="SD-370102", recommended_at=START)
    assert _last(application) == ("recommend", "submitted", "submitted", told)
    assert (application.waits_for, application.stage) == ("recommender:370100", "submitted")

    application.recommend(by=IN_CITY, programme=RULES, opinion="同意", at=START)

    told = ApplicationRecommended(**ABOUT, level="city", agency="SD-370100", recommended_at=START)
    assert _last(application) == ("conclude_recommendation", "submitted", "recommended", told)
    assert (application.waits_for, application.stage) == ("recognition_officer", "recommended")
    assert [each["agency"] for each in application.recommenders] == ["SD-370102", "SD-370100"]


@pytest.mark.parametrize(
    "by", [IN_CITY, Recommender(agency="SD-370103", division="370103", level=Level.COUNTY)], ids=["city", "neighbour"]
)
def test_nobody_recommends_or_returns_out_of_turn(by: Recommender) -> None:
    application = new_application("submitted")

    with pytest.raises(NotYourLevel):
        application.recommend(by=by, programme=RULES, opinion="同意", at=START)
    with pytest.raises(NotYourLevel):
        application.return_(by=by, programme=RULES, reason="不符")

    assert application.recorded == []


@pytest.mark.parametrize(
    ("state", "by", "level"),
    [
        ("submitted", IN_COUNTY, "county"),
        ("submitted", None, "recognition_body"),
        ("recommended", None, "recognition_body"),
    ],
)
def test_a_return_names_its_level_and_lays_it_on_the_applicants_desk(
    state: str, by: Recommender | None, level: str
) -> None:
    application = new_application(state)

    application.return_(by=by, programme=RULES, reason="请更换")

    told = ApplicationReturned(**ABOUT, level=level, reason="请更换")
    assert _last(application) == ("return", state, "returned", told)
    assert (application.waits_for, application.reason) == (f"applicant:{USCC}", "请更换")


def test_a_supplement_is_asked_for_once_and_handed_in_by_its_day() -> None:
    application = new_application("recommended")

    application.request_supplement(reason="缺页", due_on=date(2015, 10, 15))

    told = SupplementRequested(**ABOUT, reason="缺页", due_on=date(2015, 10, 15))
    assert _last(application) == ("request_supplement", "recommended", "supplement_requested", told)

    completed = answers(HONOUR) | {"employees": 900}
    application.supplement(answers=completed, programme=RULES, at=START + timedelta(days=7))

    assert application.snapshot is not None
    assert application.snapshot["answers"] == completed
    assert application.digest == digest(application.snapshot)
    received = SupplementReceived(**ABOUT, digest=application.digest)
    assert _last(application) == ("supplement", "supplement_requested", "recommended", received)
    with pytest.raises(SupplementAskedOnce):
        application.request_supplement(reason="再补", due_on=date(2015, 10, 30))


def test_a_supplement_after_its_day_in_shanghai_is_too_late() -> None:
    application = new_application("supplement_requested", supplement_due_on=date(2015, 10, 8))
    midnight = START.replace(hour=16)

    with pytest.raises(SupplementOverdue):
        application.supplement(answers=answers(HONOUR), programme=RULES, at=midnight)

    application.supplement(answers=answers(HONOUR), programme=RULES, at=midnight - timedelta(seconds=1))
    assert application.state is State.RECOMMENDED


def test_a_supplement_does_not_put_another_item_in_the_place_of_the_recommended_one() -> None:
    application = new_application("supplement_requested")
    other = answers(HONOUR)
    other["trademark"] = other["trademark"] | {"registration_number": "90000009"}

    with pytest.raises(ItemChanged) as refused:
        application.supplement(answers=other, programme=RULES, at=START)

    assert (refused.value.code, refused.value.pointer) == ("item-changed", "/answers")
    assert application.recorded == []


def test_an_acceptance_hands_the_snapshot_to_the_review() -> None:
    application = new_application("recommended")

    application.accept(programme=RULES, year=2015, at=START)

    assert application.snapshot is not None
    told = ApplicationAccepted(
        **ABOUT,
        edition=1,
        programme_digest=RULES.digest,
        digest=digest(application.snapshot),
        accepted_at=START,
        recommenders=("SD-370102", "SD-370100"),
        snapshot=application.snapshot,
    )
    assert _last(application) == ("accept", "recommended", "accepted", told)
    assert (application.waits_for, application.stage) == (None, "accepted")


def test_what_a_rule_of_the_programme_forbids_is_not_accepted() -> None:
    application = new_application("recommended")
    assert application.snapshot is not None
    application.snapshot = application.snapshot | {"applicant": {"kind": "association"}}

    with pytest.raises(ApplicationNotEligible):
        application.accept(programme=RULES, year=2015, at=START)

    assert (application.state, application.recorded) == (State.RECOMMENDED, [])


def test_a_rejection_tells_each_reason() -> None:
    application = new_application("recommended")

    application.reject(reasons=["一", "二"])

    assert _last(application) == (
        "reject",
        "recommended",
        "rejected",
        ApplicationRejected(**ABOUT, reasons=("一", "二")),
    )
    assert (application.waits_for, application.stage, application.reason) == (None, "rejected", "一; 二")


def test_a_withdrawn_draft_is_told_to_nobody() -> None:
    application = new_application()

    application.withdraw(reason="改主意")

    assert _last(application) == ("withdraw", "draft", "withdrawn", None)


@pytest.mark.parametrize("state", ["submitted", "returned", "recommended", "supplement_requested", "accepted"])
def test_a_withdrawal_of_what_was_handed_in_is_told(state: str) -> None:
    application = new_application(state)

    application.withdraw(reason="改制")

    assert _last(application) == ("withdraw", state, "withdrawn", ApplicationWithdrawn(**ABOUT, reason="改制"))
    assert (application.waits_for, application.stage) == (None, "withdrawn")


@pytest.mark.parametrize("known", [{"outcome": "recognised"}, {"brand_number": "SDMP-2015-00001-B"}])
def test_a_concluded_review_is_not_withdrawn_from(known: dict[str, str]) -> None:
    application = new_application("accepted", **known)

    with pytest.raises(RecognitionStands):
        application.withdraw(reason="改制")

    assert application.state is State.ACCEPTED


MAY_FOLLOW = {
    "draft": ("edit", "attach", "submit", "withdraw"),
    "submitted": ("recommend", "conclude_recommendation", "return", "withdraw"),
    "returned": ("edit", "attach", "submit", "withdraw"),
    "recommended": ("return", "request_supplement", "accept", "reject", "withdraw"),
    "supplement_requested": ("attach", "supplement", "withdraw"),
    "accepted": ("withdraw", "advance"),
    "rejected": (),
    "withdrawn": (),
}


@pytest.mark.parametrize("state", STATES)
def test_what_does_not_follow_is_refused_with_the_state_and_what_does(state: str) -> None:
    may_follow = MAY_FOLLOW[state]
    attempts: dict[str, Callable[[Application], None]] = {
        "edit": lambda one: one.edit(answers={}),
        "attach": lambda one: one.attach(kind="licence", name="a", file=PDF, programme=RULES),
        "submit": _submit,
        "return": lambda one: one.return_(by=None, programme=RULES, reason="x"),
        "request_supplement": lambda one: one.request_supplement(reason="x", due_on=START.date()),
        "supplement": lambda one: one.supplement(answers=answers(HONOUR), programme=RULES, at=START),
        "accept": lambda one: one.accept(programme=RULES, year=2015, at=START),
        "reject": lambda one: one.reject(reasons=["x"]),
        "withdraw": lambda one: one.withdraw(reason="x"),
    }

    for action, attempt in attempts.items():
        application = new_application(state)
        if action in may_follow:
            attempt(application)
            assert application.recorded[-1].action == action
            continue
        with pytest.raises(ActionNotAllowed if may_follow else ApplicationClosed) as refused:
            attempt(application)
        assert (refused.value.current_state, refused.value.allowed_actions) == (state, may_follow)
        assert application.recorded == []
