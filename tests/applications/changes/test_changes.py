"""A rename or a merger that the registration authority has recorded: what follows for the applicant and its cases."""

from datetime import date
from typing import Any, Final

import pytest

from applications_service.intake.applicants.model import Applicant
from applications_service.intake.applicants.refusals import (
    ApplicantMerged as HasMerged,
    ChangeDayWrong,
    MergedIntoItself,
    NothingCorrected,
)
from common.contracts.applications.applicants import ApplicantMerged, ApplicantRenamed
from common.contracts.applications.applications import ApplicationCorrected, ApplicationWithdrawn, WithdrawalRequested
from common.kernel.errors import MingpaiError
from support.casts.actors import id_of
from support.casts.applying import (
    APPLICANT,
    AT_BODY,
    COUNTY,
    FIRM,
    OFFICER,
    OTHER_USCC,
    STORED_CONTACT,
    USCC,
    begin,
    bring_to,
    read,
    register,
)
from support.service.alone import START, Alone

NAME: Final = "济南虚泉实业有限公司"
DOCUMENT: Final = "济市监变准字〔2015〕18号"
DAY: Final = date(2015, 9, 1)
RENAME: Final = {"name": NAME, "changed_on": "2015-09-01", "document": DOCUMENT}
MERGER: Final = {"into": OTHER_USCC, "changed_on": "2015-09-01", "document": DOCUMENT}
PATH: Final = f"/v1/applicants/{USCC}"


def applicant(uscc: str = USCC, **changes: Any) -> Applicant:  # noqa: ANN401 -- columns of a row
    given: dict[str, Any] = {name: FIRM[name] for name in ("name", "kind", "division")}
    return Applicant(id=id_of(uscc), org=uscc, uscc=uscc, contact=STORED_CONTACT, created_at=START, **given | changes)


def test_a_rename_keeps_the_former_name_with_its_last_day() -> None:
    one = applicant()

    one.rename(name=NAME, changed_on=DAY, document=DOCUMENT, by=AT_BODY, at=START)

    assert (one.name, one.changed_on) == (NAME, DAY)
    assert one.former_names == [{"name": FIRM["name"], "until_on": "2015-09-01"}]
    (happened,) = one.recorded
    event = happened.event
    assert isinstance(event, ApplicantRenamed)
    assert (event.name_before, event.name, event.changed_on, event.document) == (FIRM["name"], NAME, DAY, DOCUMENT)


@pytest.mark.parametrize(
    ("changes", "name", "day", "refusal"),
    [
        ({}, FIRM["name"], DAY, NothingCorrected),
        ({}, NAME, date(2015, 10, 9), ChangeDayWrong),
        ({"changed_on": date(2015, 9, 2)}, NAME, DAY, ChangeDayWrong),
        ({"merged_into": "apl_2", "merged_into_org": OTHER_USCC, "changed_on": DAY}, NAME, DAY, HasMerged),
    ],
)
def test_what_the_authority_cannot_have_recorded_is_refused(
    changes: dict[str, Any], name: str, day: date, refusal: type[MingpaiError]
) -> None:
    one = applicant(**changes)

    with pytest.raises(refusal):
        one.rename(name=name, changed_on=day, document=DOCUMENT, by=AT_BODY, at=START)

    assert (one.name, one.recorded) == (FIRM["name"], [])


def test_a_merger_ends_one_and_is_noted_at_the_other() -> None:
    one, other = applicant(), applicant(OTHER_USCC)

    one.merge(other, changed_on=DAY, document=DOCUMENT, by=AT_BODY, at=START)

    assert (one.merged_into, one.merged_into_org) == (other.id, OTHER_USCC)
    assert [type(each.event) for each in one.recorded] == [ApplicantMerged]
    assert [each.reason for each in other.recorded] == [DOCUMENT]
    with pytest.raises(HasMerged):
        other.merge(one, changed_on=DAY, document=DOCUMENT, by=AT_BODY, at=START)
    with pytest.raises(MergedIntoItself):
        other.merge(other, changed_on=DAY, document=DOCUMENT, by=AT_BODY, at=START)


@pytest.mark.parametrize("who", [COUNTY, OFFICER])
async def test_cases_that_are_not_accepted_take_the_new_name(on_sqlite: Alone, who: str) -> None:
    application_id = await bring_to(on_sqlite, "submitted")

    renamed = await on_sqlite.send("POST", f"{PATH}/renames", RENAME, who=who)

    assert (renamed.status_code, renamed.json()["name"], renamed.json()["changed_on"]) == (201, NAME, "2015-09-01")
    assert renamed.headers["location"] == PATH
    assert renamed.json()["former_names"] == [{"name": FIRM["name"], "until_on": "2015-09-01"}]
    seen = await read(on_sqlite, application_id, COUNTY)
    assert (seen["applicant_name"], seen["state"]) == (NAME, "submitted")
    assert len(await on_sqlite.published(ApplicationCorrected)) == 1


async def test_what_is_accepted_keeps_its_name_and_the_applicant_takes_the_new_one(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "accepted")

    renamed = await on_sqlite.send("POST", f"{PATH}/renames", RENAME, who=OFFICER)

    assert renamed.status_code == 201
    assert (await read(on_sqlite, application_id, OFFICER))["applicant_name"] == FIRM["name"]
    assert await on_sqlite.published(ApplicationCorrected) == []


async def test_after_a_merger_nothing_of_it_goes_on_and_it_applies_no_more(on_sqlite: Alone) -> None:
    accepted = await bring_to(on_sqlite, "accepted")
    round_id = (await read(on_sqlite, accepted, OFFICER))["round_id"]
    draft = await begin(on_sqlite, round_id)
    await register(on_sqlite, uscc=OTHER_USCC, division="370202")

    merged = await on_sqlite.send("POST", f"{PATH}/mergers", MERGER, who=OFFICER)

    assert (merged.status_code, merged.json()["merged_into_org"]) == (201, OTHER_USCC)
    assert (await read(on_sqlite, accepted, OFFICER))["state"] == "withdrawal_requested"
    assert (await read(on_sqlite, draft["id"], APPLICANT))["state"] == "withdrawn"
    assert len(await on_sqlite.published(WithdrawalRequested)) == 1
    assert await on_sqlite.published(ApplicationWithdrawn) == []
    again = await on_sqlite.send("POST", "/v1/applications", {"round_id": round_id, "answers": {}}, who=APPLICANT)
    assert (again.status_code, again.json()["code"]) == (409, "applicant-merged")


async def test_a_merger_into_nobody_is_refused(on_sqlite: Alone) -> None:
    await bring_to(on_sqlite, "submitted")

    merged = await on_sqlite.send("POST", f"{PATH}/mergers", MERGER, who=OFFICER)

    assert (merged.status_code, merged.json()["code"]) == (404, "applicant-not-found")
