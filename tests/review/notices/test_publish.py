from datetime import UTC, datetime

import pytest

from common.contracts.review.notices import NoticePublished
from support.casts.actors import id_of
from support.casts.programmes import full_scores
from support.casts.reviewing import EVERYBODY, OFFICER, ROUND, Round, audited, uscc
from support.service.alone import Alone


async def test_a_notice_shows_the_shortlist_to_everybody_until_the_seventh_working_day(service: Alone) -> None:
    round_ = await Round(service, firms=3, quota=2).open()

    notice = await round_.notice({"app_1": full_scores("SERVICE_BRAND", share="0.5")})

    # 8 October 2015 is a Thursday and not counted; Saturday the 10th was a moved working day, the 11th a Sunday.
    assert (notice["opens_on"], notice["closes_on"], notice["estimated"]) == ("2015-10-08", "2015-10-16", False)
    read = await service.send("GET", f"/v1/notices/{notice['id']}")
    assert (read.status_code, read.json()) == (200, notice)
    listed = {item["application_id"]: item for item in notice["items"]}
    assert set(listed) == {"app_2", "app_3"}
    assert listed["app_2"] == {
        "application_id": "app_2",
        "applicant_id": id_of(uscc(2)),
        "applicant": uscc(2),
        "applicant_name": "济南虚构服务2号有限公司",
        "item": "旅游接待服务2",
    }
    (published,) = await service.published(NoticePublished)
    assert published["data"] == {
        "notice_id": notice["id"],
        "round_id": ROUND,
        "honour": "SERVICE_BRAND",
        "year": 2015,
        "opens_on": "2015-10-08",
        "closes_on": "2015-10-16",
        "estimated": False,
        "supplementary": False,
        "items": notice["items"],
    }
    assert [row["state"] for row in await service.rows("rankings")] == ["on_notice"]
    assert await audited(service, notice["id"]) == [("officer-1", "publish", None, "published")]
    assert (await audited(service, notice["ranking_id"]))[-1] == (
        "officer-1", "publish_notice", "proposed", "on_notice",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("at", "opens_on", "closes_on", "estimated"),
    [
        # 23:30 in Shanghai is still the 25th; the week of the National Day does not count, Saturday 10 October does.
        (datetime(2015, 9, 25, 15, 30, tzinfo=UTC), "2015-09-25", "2015-10-12", False),
        # 00:30 in Shanghai is the 26th already, although it is the 25th in UTC: a Saturday.
        (datetime(2015, 9, 25, 16, 30, tzinfo=UTC), "2015-09-26", "2015-10-12", False),
        # A year whose holidays nobody has published.
        (datetime(2035, 3, 5, 1, 0, tzinfo=UTC), "2035-03-05", "2035-03-14", True),
    ],
)
async def test_the_clock_runs_on_legal_days_in_shanghai(
    on_sqlite: Alone, *, at: datetime, opens_on: str, closes_on: str, estimated: bool
) -> None:
    on_sqlite.legal.at = at
    notice = await (await Round(on_sqlite).open()).notice()

    assert (notice["opens_on"], notice["closes_on"], notice["estimated"]) == (opens_on, closes_on, estimated)


async def test_a_list_goes_on_notice_once(on_sqlite: Alone) -> None:
    notice = await (await Round(on_sqlite).open()).notice()

    again = await on_sqlite.send("POST", "/v1/notices", {"ranking_id": notice["ranking_id"]}, who=OFFICER)

    assert (again.status_code, again.json()["code"]) == (409, "nothing-to-show")
    assert len(await on_sqlite.rows("notices")) == 1


async def test_only_the_recognition_body_publishes_and_everybody_reads(on_sqlite: Alone) -> None:
    ranking = await (await Round(on_sqlite).open()).rank()
    for who in (one for one in EVERYBODY if one != OFFICER):
        assert (await on_sqlite.send("POST", "/v1/notices", {"ranking_id": ranking["id"]}, who=who)).status_code == 403
    assert await on_sqlite.rows("notices") == []
    unknown = await on_sqlite.send("POST", "/v1/notices", {"ranking_id": "rnk_none"}, who=OFFICER)
    missing = await on_sqlite.send("GET", "/v1/notices/ntc_none")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "ranking-not-found")
    assert (missing.status_code, missing.json()["code"]) == (404, "notice-not-found")
    await on_sqlite.send("POST", "/v1/notices", {"ranking_id": ranking["id"]}, who=OFFICER)
    listed = [
        (await on_sqlite.send("GET", f"/v1/notices?honour={honour}")).json()["items"]
        for honour in ("SERVICE_BRAND", "OTHER")
    ]
    assert [len(items) for items in listed] == [1, 0]
