"""A case at the wrong desk is moved to the county or city to which it belongs."""

from datetime import date, timedelta
from typing import Any

import pytest

from applications_service.intake.applicants.model import Applicant
from applications_service.intake.applicants.refusals import PlaceTooWide
from applications_service.intake.applications.model import Application
from applications_service.intake.applications.refusals import (
    MovedOnce,
    NobodyRecommendsThere,
    NotYourLevel,
    OnThisDesk,
)
from applications_service.rules.rounds.refusals import RecommendationWindowClosed
from common.codes.calendar import WorkingCalendar
from common.codes.refusals import DivisionUnknown
from common.contracts.applications.applications import ApplicationMoved, ChainStage
from common.kernel.digests import digest
from common.kernel.errors import MingpaiError
from common.programme import Programme
from common.programme.terms import Terms
from support.casts import programmes
from support.casts.actors import actor, id_of
from support.casts.applying import (
    CITY,
    COUNTY,
    FIRM,
    HONOUR,
    IN_CITY,
    IN_COUNTY,
    OFFICE,
    STORED_CONTACT,
    USCC,
    bring_to,
    do,
    new_application,
    new_round,
    read,
    terms_on,
)
from support.service.alone import START, Alone

AT_OFFICE = actor("office", org="SD-OFFICE")
IN_OTHER_COUNTY = actor("recommender", org="SD-370103", division="370103")
OTHER_COUNTY = "recommender|SD-370103|370103"
REASON = "注册地不在本区。"
LATER = date(2015, 11, 2)


def submitted(**changes: object) -> Application:
    """Return an application on the desk of the county 370102, which has its frozen content."""
    application = new_application("submitted", **changes)
    application._freeze()  # noqa: SLF001 -- as its submission does
    application.recorded.clear()
    return application


def move(application: Application, to: str = "370103", **changes: Any) -> ChainStage:  # noqa: ANN401 -- parts of a move
    given: dict[str, Any] = {"by": IN_COUNTY, "round_": new_round(), "terms": terms_on(LATER), "at": START} | changes
    return application.move_to(to, reason=REASON, **given)


def applicant_of(division: str) -> Applicant:
    whole: dict[str, Any] = {name: FIRM[name] for name in ("name", "kind", "uscc")}
    return Applicant(id=id_of(USCC), org=USCC, division=division, contact=STORED_CONTACT, created_at=START, **whole)


def test_the_county_moves_a_case_to_another_one_where_the_term_begins_again() -> None:
    application = submitted(division_confirmation={"source": "recommender", "agency": "SD-370102"})
    before = application.digest

    stage = move(application)

    assert (stage, application.state, application.waits_for) == (ChainStage.COUNTY, "submitted", "recommender:370103")
    assert application.due_on == terms_on(LATER).of("county_recommendation").due_on
    assert (application.division, application.division_confirmation, application.recommenders) == ("370103", None, [])
    assert application.snapshot is not None
    assert application.snapshot["applicant"]["division"] == "370103"
    assert application.digest == digest(application.snapshot) != before
    (happened,) = application.recorded
    event = happened.event
    assert isinstance(event, ApplicationMoved)
    assert (event.division_before, event.division, event.digest) == ("370102", "370103", application.digest)
    assert (event.agency, event.reason, happened.reason) == (IN_COUNTY.org, REASON, REASON)


def test_the_city_gives_back_what_the_county_recommended_and_the_chain_begins_at_the_new_county() -> None:
    done = [{"chain_stage": "county", "agency": "SD-370102"}]
    application = submitted(waits_for="recommender:370100", recommenders=done)

    stage = move(application, "370202", by=IN_CITY)

    assert (stage, application.waits_for, application.recommenders) == (ChainStage.CITY, "recommender:370202", [])


@pytest.mark.parametrize(
    ("to", "changes", "refusal"),
    [
        ("370103", {"by": IN_CITY}, NotYourLevel),
        ("370103", {"by": IN_OTHER_COUNTY}, NotYourLevel),
        ("370103", {"at": START + timedelta(days=100)}, RecommendationWindowClosed),
        ("370102", {}, OnThisDesk),
        ("370000", {}, PlaceTooWide),
        ("371202", {"at": START.replace(year=2019), "by": AT_OFFICE}, DivisionUnknown),
    ],
    ids=["another desk", "another county", "after the window", "the same", "a province", "a code given up"],
)
def test_a_move_that_is_not_lawful_changes_nothing(
    to: str, changes: dict[str, Any], refusal: type[MingpaiError]
) -> None:
    application = submitted()

    with pytest.raises(refusal):
        move(application, to, **changes)

    assert (application.division, application.recorded) == ("370102", [])


def test_nobody_gets_a_case_for_which_the_chain_has_no_stage() -> None:
    definition = programmes.definition(HONOUR)
    del definition["recommendation"][1:]
    terms = Terms(Programme.from_definition(definition), WorkingCalendar(), LATER)

    with pytest.raises(NobodyRecommendsThere):
        move(submitted(), "370200", terms=terms)


def test_a_recommender_moves_it_once_and_the_office_again_also_after_the_window() -> None:
    application = submitted()
    move(application)

    with pytest.raises(MovedOnce):
        move(application, "370102", by=IN_OTHER_COUNTY)
    move(application, "370104", by=AT_OFFICE, at=START + timedelta(days=100))

    assert (application.waits_for, application.moved_from) == ("recommender:370104", "370102")


def test_a_moved_case_stays_there_until_its_applicant_has_another_division() -> None:
    application = submitted()
    move(application)

    application.locate(applicant_of("370102"), at=START)
    stays = application.division
    application.locate(applicant_of("370104"), at=START)

    assert (stays, application.division, application.moved_from) == ("370103", "370104", None)


@pytest.mark.parametrize(("year", "division"), [(2016, "370181"), (2017, "370114")])
def test_a_firm_of_a_county_that_was_given_up_finds_the_recommender_who_took_over(year: int, division: str) -> None:
    application = new_application()
    at = START.replace(year=year)

    application.locate(applicant_of("370181"), at=at)

    assert (application.division, application.belongs_with(applicant_of("370181"), at=at)) == (division, True)


async def test_a_moved_case_is_seen_confirmed_and_recommended_by_the_new_county_alone(service: Alone) -> None:
    application_id = await bring_to(service, "submitted")
    path = f"/v1/applications/{application_id}"

    moved = await do(service, application_id, "moves", COUNTY, {"division": "370103", "reason": REASON})

    hidden = await service.send("GET", path, who=COUNTY)
    seen = await read(service, application_id, OTHER_COUNTY)
    unconfirmed = await service.send("POST", f"{path}/recommendations", {"opinion": "同意推荐。"}, who=OTHER_COUNTY)
    assert (moved["division"], hidden.status_code, unconfirmed.json()["code"]) == (
        "370103",
        404,
        "division-unconfirmed",
    )
    assert seen["allowed_actions"] == ["recommend", "return"]
    await do(
        service, application_id, "recommendations", OTHER_COUNTY, {"opinion": "同意推荐。", "confirms_division": True}
    )
    await do(service, application_id, "recommendations", CITY, {"opinion": "同意推荐。"})
    given = (await service.send("GET", f"/v1/recommendations?application_id={application_id}", who=OFFICE)).json()
    verdicts = [(one["verdict"], one["agency"]) for one in given["items"]]
    assert verdicts == [("moved", "SD-370102"), ("recommended", "SD-370103"), ("recommended", "SD-370100")]
    (event,) = await service.published(ApplicationMoved)
    assert (event["data"]["reason"], event["data"]["division_before"]) == (REASON, "370102")
    (applicant,) = await service.rows("applicants")
    assert applicant["division_confirmation"]["source"] == "account"
