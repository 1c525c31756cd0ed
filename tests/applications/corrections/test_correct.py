"""A mistake in the name or the division of an applicant is put right, and its open cases follow."""

from typing import Any, Final

import pytest

from applications_service.intake.applicants.model import Applicant
from applications_service.intake.applicants.refusals import NothingCorrected, PlaceTooWide
from applications_service.intake.applications.model import Application
from common.codes.refusals import DivisionUnknown
from common.contracts.applications.applicants import ApplicantCorrected
from common.contracts.applications.applications import ApplicationCorrected, ApplicationMoved
from common.contracts.review.reviews import Outcome
from common.kernel.digests import digest
from common.kernel.errors import MingpaiError
from support.casts.actors import id_of
from support.casts.applying import (
    APPLICANT,
    AT_BODY,
    COUNTY,
    FIRM,
    OFFICER,
    STORED_CONTACT,
    TERMS,
    USCC,
    begin,
    bring_to,
    new_application,
    read,
)
from support.casts.following import Following
from support.service.alone import START, Alone

NAME: Final = "济南虚泉机械有限公司"
REASON: Final = "与营业执照不符。"
RIGHT: Final = {"name": NAME, "division": "370103", "reason": REASON}
PATH: Final = f"/v1/applicants/{USCC}/corrections"
OTHER_COUNTY: Final = "recommender|SD-370103|370103"


def applicant(**changes: object) -> Applicant:
    given: dict[str, Any] = {name: FIRM[name] for name in ("name", "kind", "uscc", "division")}
    return Applicant(id=id_of(USCC), org=USCC, contact=STORED_CONTACT, created_at=START, **given | changes)


def case(state: str) -> Application:
    """Return a case of the firm, with its content as it was handed in."""
    application = new_application(state)
    if state != "draft":
        application._freeze()  # noqa: SLF001 -- as its submission does
    application.recorded.clear()
    return application


def test_a_correction_is_published_with_what_was_there_before_and_has_to_be_confirmed_again() -> None:
    one = applicant(division_confirmation={"source": "recommender"})

    one.correct(name=NAME, division="370103", by=AT_BODY, reason=REASON, at=START)

    assert (one.name, one.division, one.division_confirmation) == (NAME, "370103", None)
    (happened,) = one.recorded
    event = happened.event
    assert isinstance(event, ApplicantCorrected)
    assert (event.name_before, event.name) == (FIRM["name"], NAME)
    assert (event.division_before, event.division) == ("370102", "370103")
    assert (event.agency, event.reason, happened.reason) == (AT_BODY.org, REASON, REASON)


def test_a_corrected_name_leaves_the_division_confirmed() -> None:
    one = applicant()
    one.division_confirmation = {"source": "account"}

    one.correct(name=NAME, division="370102", by=AT_BODY, reason=REASON, at=START)

    assert one.division_confirmation == {"source": "account"}


@pytest.mark.parametrize(
    ("division", "refusal"), [("370102", NothingCorrected), ("370000", PlaceTooWide), ("370101", DivisionUnknown)]
)
def test_what_corrects_nothing_or_names_no_county_is_refused(division: str, refusal: type[MingpaiError]) -> None:
    one = applicant()

    with pytest.raises(refusal):
        one.correct(name=str(FIRM["name"]), division=division, by=AT_BODY, reason=REASON, at=START)

    assert (one.division, one.recorded) == ("370102", [])


@pytest.mark.parametrize(
    ("state", "after", "division", "desk", "events"),
    [
        ("draft", "draft", "370102", None, [None]),
        ("submitted", "submitted", "370103", "recommender:370103", [ApplicationCorrected, ApplicationMoved]),
        ("recommended", "submitted", "370103", "recommender:370103", [ApplicationCorrected, ApplicationMoved]),
        ("returned", "returned", "370102", None, [ApplicationCorrected]),
        ("supplement_requested", "supplement_requested", "370102", None, [ApplicationCorrected]),
    ],
)
def test_a_case_follows_to_the_right_desk_unless_its_applicant_has_it(
    state: str, after: str, division: str, desk: str | None, events: list[type | None]
) -> None:
    one = case(state)
    one.recommenders = [{"chain_stage": "county", "agency": "SD-370102"}]
    before = one.waits_for

    one.correct(applicant(name=NAME, division="370103"), by=AT_BODY, terms=TERMS, reason=REASON, at=START)

    assert (one.applicant_name, one.state, one.division) == (NAME, after, division)
    assert one.waits_for == (desk or before)
    assert one.recommenders == ([] if desk else [{"chain_stage": "county", "agency": "SD-370102"}])
    assert [None if each.event is None else type(each.event) for each in one.recorded] == events
    if one.snapshot is not None:
        named = one.snapshot["applicant"]
        assert (named["name"], named["division"], one.digest) == (NAME, division, digest(one.snapshot))


def test_a_name_alone_moves_no_case() -> None:
    one = case("submitted")

    one.correct(applicant(name=NAME), by=AT_BODY, terms=TERMS, reason=REASON, at=START)

    assert [type(each.event) for each in one.recorded] == [ApplicationCorrected]
    assert (one.division, one.applicant_name) == ("370102", NAME)


@pytest.mark.parametrize("who", [COUNTY, OFFICER])
async def test_recommender_and_recognition_body_correct_and_every_open_case_follows(on_sqlite: Alone, who: str) -> None:
    application_id = await bring_to(on_sqlite, "submitted")
    other = await begin(on_sqlite, (await read(on_sqlite, application_id, OFFICER))["round_id"])

    corrected = await on_sqlite.send("POST", PATH, RIGHT, who=who)

    assert (corrected.status_code, corrected.json()["name"], corrected.json()["division"]) == (201, NAME, "370103")
    assert corrected.json()["division_confirmation"] is None
    seen = await read(on_sqlite, application_id, OTHER_COUNTY)
    assert (seen["applicant_name"], seen["division"], seen["allowed_actions"]) == (
        NAME, "370103", ["recommend", "return", "move"],
    )  # fmt: skip
    assert (await read(on_sqlite, other["id"], APPLICANT))["applicant_name"] == NAME
    (event,) = await on_sqlite.published(ApplicantCorrected)
    assert (event["data"]["name"], event["data"]["reason"]) == (NAME, REASON)
    audited = [(row["action"], row["reason"]) for row in await on_sqlite.rows("audit") if row["action"] == "correct"]
    assert audited == [("correct", REASON)] * 3


async def test_others_and_the_applicant_himself_correct_nothing(on_sqlite: Alone) -> None:
    await bring_to(on_sqlite, "submitted")
    answers = {
        who: await on_sqlite.send("POST", PATH, RIGHT, who=who)
        for who in (APPLICANT, OTHER_COUNTY, "recommender|SD-NONE|370102", f"recognition_officer|{USCC}|370000")
    }

    assert [(one.status_code, one.json()["code"]) for one in answers.values()] == [
        (403, "role-missing"),
        (404, "applicant-not-found"),
        (404, "applicant-not-found"),
        (403, "own-case"),
    ]
    assert await on_sqlite.published(ApplicantCorrected) == []


async def test_what_is_under_review_or_recognised_keeps_the_name(on_sqlite: Alone) -> None:
    of = await Following.of(on_sqlite, await bring_to(on_sqlite, "accepted"))

    reviewed = await on_sqlite.send("POST", PATH, RIGHT, who=OFFICER)
    await on_sqlite.deliver(of.completed())
    recognised = await on_sqlite.send("POST", PATH, RIGHT, who=OFFICER)

    assert (reviewed.status_code, reviewed.json()["code"]) == (409, "applicant-under-review")
    assert (recognised.status_code, recognised.json()["code"]) == (409, "applicant-has-title")
    (row,) = await on_sqlite.rows("applicants")
    assert row["name"] == FIRM["name"]


async def test_who_was_not_recognised_is_corrected_for_his_next_application(on_sqlite: Alone) -> None:
    of = await Following.of(on_sqlite, await bring_to(on_sqlite, "accepted"))
    await on_sqlite.deliver(of.completed(Outcome.NOT_RECOGNISED))

    corrected = await on_sqlite.send("POST", PATH, RIGHT, who=OFFICER)

    (row,) = await on_sqlite.rows("applications")
    assert (corrected.status_code, row["applicant_name"], row["division"]) == (201, FIRM["name"], "370102")
