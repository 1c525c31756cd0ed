"""On the day of the announcement every rule is answered again: nobody who may not hold the title is recognised."""

from datetime import date
from typing import Any, Final

import pytest

from common.contracts.registry.brands import BrandEvent, BrandRevoked, BrandState
from common.contracts.review.announcements import AnnouncementPublished
from common.contracts.review.reviews import ReviewCompleted
from common.kernel.digests import digest as digest_of
from support.casts import programmes, reviewing
from support.casts.actors import id_of
from support.casts.casenews import merged
from support.casts.following import NUMBER, Following
from support.casts.reviewing import HONOUR, OFFICE, Round, announcement, uscc
from support.service.alone import Alone

FIRST: Final = {"id": id_of(uscc(1)), "org": uscc(1), "uscc": uscc(1)}
BARRED: Final = "公告之日复核，不符合认定条件：申报单位在申报限制期内。"
SAME_MARK: Final = "公告之日复核，不符合认定条件：同一商标同类项目由本名单排名在前的单位获得称号。"
HELD: Final = "公告之日复核，不符合认定条件：同一品牌同类服务的山东省服务名牌称号尚在有效期内，且不在本年度届满。"


async def earlier_title(service: Alone, *events: BrandEvent) -> None:
    """Have the first firm's title of an earlier round known, with what became of it."""
    rules = reviewing.definition()
    await service.deliver(reviewing.opened(rules, round_id="rnd_2014"))
    earlier = reviewing.accepted(rules, 9, round_id="rnd_2014")
    snapshot = earlier.snapshot | {"applicant": {**earlier.snapshot["applicant"], **FIRST}}
    digest = digest_of(snapshot)
    await service.deliver(
        earlier.model_copy(
            update={"snapshot": snapshot, "digest": digest} | {"applicant": uscc(1), "applicant_id": id_of(uscc(1))}
        )
    )
    for event in events:
        await service.deliver(event)


def of_first() -> Following:
    return Following("app_9", "rnd_2014", id_of(uscc(1)), uscc(1), honour=HONOUR)


def revoked(until_on: str) -> BrandEvent:
    event = of_first().ruled(BrandRevoked, BrandState.REVOKED)
    return event.model_copy(update={"barred_until": date.fromisoformat(until_on)})


async def announced(service: Alone, round_: Round) -> tuple[list[str], dict[str, tuple[Any, ...]]]:
    confirmed = await round_.confirm()
    return await published(service, round_, confirmed["id"])


async def published(
    service: Alone, round_: Round, deliberation_id: str
) -> tuple[list[str], dict[str, tuple[Any, ...]]]:
    view = await round_.post("/v1/announcements", announcement(deliberation_id), who=OFFICE)
    events = [one["data"] for one in await service.published(ReviewCompleted)]
    outcomes = {one["application_id"]: (one["outcome"], one["reasons"][-1:]) for one in events}
    (event,) = await service.published(AnnouncementPublished)
    assert event["data"]["items"] == view["items"]
    return [item["application_id"] for item in view["items"]], outcomes


async def test_who_a_barred_firm_was_merged_into_is_barred_too(service: Alone) -> None:
    round_ = await Round(service, firms=3).open()
    confirmed = await round_.confirm()
    await earlier_title(service, of_first().registered(), revoked("2018-11-01"))
    into = {"into_id": id_of(uscc(2)), "into": uscc(2)}
    await service.deliver(merged().model_copy(update={"applicant_id": id_of(uscc(1)), "uscc": uscc(1)} | into))

    listed, outcomes = await published(service, round_, confirmed["id"])

    assert listed == ["app_3"]
    assert outcomes["app_2"] == outcomes["app_1"] == ("not_recognised", [BARRED])


async def test_a_firm_barred_after_the_list_was_confirmed_is_left_out_with_the_reason(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    confirmed = await round_.confirm()
    await earlier_title(service, of_first().registered(), revoked("2018-11-01"))

    listed, outcomes = await published(service, round_, confirmed["id"])

    assert listed == ["app_2"]
    assert outcomes == {"app_1": ("not_recognised", [BARRED]), "app_2": ("recognised", [])}
    first = next(row for row in await service.rows("reviews") if row["application_id"] == "app_1")
    assert (first["state"], first["reasons"][-1]) == ("not_recognised", BARRED)


@pytest.mark.parametrize(
    ("events", "listed", "reasons"),
    [
        ([], ["app_1"], []),
        ([of_first().registered()], [], [HELD]),
        ([of_first().registered(), of_first().expired()], ["app_1"], []),
        ([of_first().registered(), revoked("2015-10-16")], ["app_1"], []),
        ([of_first().registered(), revoked("2015-10-17")], [], [BARRED]),
    ],
    ids=["nothing known", "live title", "ended title", "bar ended the day before", "bar on its last day"],
)
async def test_the_announcement_asks_what_is_true_on_its_own_day(
    on_sqlite: Alone, events: list[BrandEvent], listed: list[str], reasons: list[str]
) -> None:
    round_ = await Round(on_sqlite).open()
    await earlier_title(on_sqlite, *events)

    found, outcomes = await announced(on_sqlite, round_)

    assert str(on_sqlite.legal.at.date()) == "2015-10-17"
    assert found == listed
    assert outcomes["app_1"][1] == reasons


async def test_of_two_firms_with_one_mark_on_a_list_only_the_better_one_gets_the_title(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite, firms=2, changes={"/item/trademark": "/brand_name"}).open()
    shares = {"app_1": "0.8", "app_2": "0.9"}
    confirmed = await round_.confirm(
        {one: programmes.full_scores(HONOUR, share=share) for one, share in shares.items()}
    )

    listed, outcomes = await published(on_sqlite, round_, confirmed["id"])

    assert listed == ["app_2"]
    assert outcomes == {"app_1": ("not_recognised", [SAME_MARK]), "app_2": ("recognised", [])}


async def test_a_title_of_an_unknown_case_is_set_aside(on_sqlite: Alone) -> None:
    await Round(on_sqlite).open()

    await on_sqlite.deliver(of_first().registered())

    assert [row["reason_code"] for row in await on_sqlite.rows("dead_letters")] == ["contradicts-review"]
    assert await on_sqlite.rows("holdings") == []
    assert of_first().registered().number == NUMBER
