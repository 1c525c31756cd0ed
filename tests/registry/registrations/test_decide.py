"""What the office does about a recognition that waits for its grounds, and how it learns of it."""

from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from common.contracts.review.reviews import ReviewCompleted
from common.process.worker import reporting
from support.casts.registering import (
    NUMBER,
    OBSERVER,
    OFFICE,
    OFFICER,
    case,
    programme_published,
    register,
    wait_for_announcement,
)
from support.casts.reviewing import EVERYBODY
from support.service.alone import Alone

REASON = {"reason": "经核实，公告中没有该申报。"}


async def decide(service: Alone, registration_id: str, verb: str, who: str = OFFICE) -> Any:  # noqa: ANN401 -- the answer
    return await service.send("POST", f"/v1/registrations/{registration_id}/{verb}", REASON, who=who)


async def findings(service: Alone, registration_id: str) -> dict[str, tuple[str, list[str]]]:
    answer = await service.send("GET", f"/v1/registrations/{registration_id}/grounds", who=OBSERVER)
    assert answer.status_code == 200
    return {one["ground"]: (one["finding"], one["members"]) for one in answer.json()["items"]}


async def test_what_waits_is_listed_with_the_ground_that_is_missing(service: Alone) -> None:
    await register(service)
    one = case()
    registration_id = await wait_for_announcement(service, one)

    listed = (await service.send("GET", "/v1/registrations?state=waiting", who=OFFICE)).json()["items"]

    assert [(item["id"], item["application_id"], item["state"]) for item in listed] == [
        (registration_id, one.accepted.application_id, "waiting")
    ]
    assert sorted(listed[0]["allowed_actions"]) == ["refuse", "release"]
    assert await findings(service, registration_id) == {
        "programme": ("agrees", []),
        "acceptance": ("agrees", []),
        "announcement": ("missing", []),
        "list": ("agrees", []),
        "brand": ("agrees", []),
    }
    everything = (await service.send("GET", "/v1/registrations", who=OFFICER)).json()["items"]
    assert [item["state"] for item in everything] == ["registered", "waiting"]
    assert everything[0]["brand_number"] == NUMBER
    assert (await service.send("GET", f"/v1/registrations/{everything[0]['id']}/grounds", who=OFFICE)).json()[
        "items"
    ] == []


async def test_a_contradicting_recognition_is_listed_with_the_members_that_contradict(service: Alone) -> None:
    one = case()
    forged = one.completed.model_copy(update={"applicant": "91370202FAKE0003XH", "rank": 2})
    for event in (programme_published(), *one.grounds):
        await service.deliver(event)
    registration_id = await service.deliver(forged)

    found = await findings(service, registration_id)

    assert found["acceptance"] == ("contradicts", ["applicant"])
    assert found["list"] == ("contradicts", ["applicant", "rank"])
    (letter,) = await service.rows("dead_letters")
    assert (letter["reason_code"], letter["reason"], letter["attempts"]) == (
        "contradicts-acceptance",
        "Contradiction: contradicts-acceptance: applicant",
        1,
    )


async def test_a_released_registration_waits_on_while_a_ground_is_missing(service: Alone) -> None:
    registration_id = await wait_for_announcement(service, case())

    released = await decide(service, registration_id, "releases")
    await service.settle()

    assert (released.status_code, released.json()["state"]) == (201, "waiting")
    assert await service.rows("brands") == []
    assert [row["waiting_for"] is not None for row in await service.rows("parked")] == [True]
    audited = [(row["actor_sub"], row["action"], row["reason"]) for row in await service.rows("audit")]
    assert ("office-1", "release", REASON["reason"]) in audited


async def test_a_recognition_that_was_set_aside_is_registered_when_it_is_released_after_the_repair(
    service: Alone,
) -> None:
    one = case()
    registration_id = await wait_for_announcement(service, one)
    wrong = one.announced.model_copy(update={"effective_on": one.announced.effective_on.replace(day=20)})
    await service.deliver(wrong)
    aside = [row["reason_code"] for row in await service.rows("dead_letters")]
    async with service.runtime.storage.database.write() as connection:
        table = service.service.metadata.tables["announcements"]
        await connection.execute(table.update().values(effective_on=one.announced.effective_on))
        await connection.commit()

    released = await decide(service, registration_id, "releases")
    await service.settle()

    assert (aside, released.status_code) == (["contradicts-announcement"], 201)
    assert [row["number"] for row in await service.rows("brands")] == [NUMBER]
    assert [row["redriven_at"] is not None for row in await service.rows("dead_letters")] == [True]
    assert await service.rows("parked") == []


@pytest.mark.parametrize("contradicting", [False, True])
async def test_a_refused_registration_makes_no_brand_and_the_genuine_one_behind_it_does(
    service: Alone, *, contradicting: bool
) -> None:
    one = case()
    change: dict[str, Any] = {"rank": 2} if contradicting else {"announcement_id": "ann_none"}
    forged: ReviewCompleted = one.completed.model_copy(update=change)
    for event in (programme_published(), *one.grounds):
        await service.deliver(event)
    registration_id = await service.deliver(forged)
    await service.deliver(one.completed)
    before = await service.rows("brands")

    refused = await decide(service, registration_id, "refusals")
    await service.settle()

    assert (before, refused.status_code, refused.json()["state"]) == ([], 201, "refused")
    assert refused.json()["reason"] == REASON["reason"]
    assert refused.json()["decided_by"] == "office-1"
    assert [row["number"] for row in await service.rows("brands")] == [NUMBER]
    assert sorted(row["state"].value for row in await service.rows("registrations")) == ["refused", "registered"]
    assert await service.rows("parked") == []
    again = await decide(service, registration_id, "releases")
    assert (again.status_code, again.json()["code"]) == (409, "registration-refused")


async def test_only_the_office_decides_and_nobody_decides_what_is_registered(on_sqlite: Alone) -> None:
    await register(on_sqlite)
    (row,) = await on_sqlite.rows("registrations")

    for verb in ("releases", "refusals"):
        for who in (one for one in EVERYBODY if not one.startswith("office")):
            assert (await decide(on_sqlite, row["id"], verb, who)).status_code == 403
        done = await decide(on_sqlite, row["id"], verb)
        assert (done.status_code, done.json()["code"]) == (409, "registration-done")
    missing = await on_sqlite.send("GET", "/v1/registrations/none", who=OFFICE)
    assert (missing.status_code, missing.json()["code"]) == (404, "registration-not-found")


async def test_readiness_warns_when_grounds_have_been_missing_for_more_than_ten_minutes(service: Alone) -> None:
    await wait_for_announcement(service, case())

    service.system.move(minutes=10)
    on_time = (await service.send("GET", "/readyz")).json()
    service.system.move(seconds=1)
    late = await service.send("GET", "/readyz")

    assert on_time == {"status": "ready"}
    assert (late.status_code, late.json()) == (
        200,
        {"status": "degraded", "reason": "registrations that wait for their grounds: 1, the oldest for 10 minutes"},
    )


async def test_the_worker_counts_and_logs_the_warnings(on_sqlite: Alone) -> None:
    counted: list[float | None] = []
    await wait_for_announcement(on_sqlite, case())
    for minutes in (9, 2):
        on_sqlite.system.move(minutes=minutes)
        with capture_logs() as lines:
            await reporting(on_sqlite.service).run(on_sqlite.runtime)
        counted.append(REGISTRY.get_sample_value("mingpai_service_warnings", {"service": "registry"}))

    assert counted == [0, 1]
    assert [(line["event"], line["log_level"]) for line in lines] == [("service-warns", "error")]
