"""A round of 1,500 cases is ranked, shown, confirmed and announced, and every consumer of its events processes them.

The cases are stored as the review stores scored ones; names and items are as long as real ones are.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import insert, select

from applications_service.service import SERVICE as APPLICATIONS
from common.contracts.catalogue import EVENTS
from common.kernel.event import Audience
from common.kernel.ids import new_id
from common.kernel.model import Aggregate
from common.kernel.values.sizes import LARGEST
from common.messaging.bus import Outgoing
from common.service import Service
from notifications_service.service import SERVICE as NOTIFICATIONS
from registry_service.service import SERVICE as REGISTRY
from review_service.cases.reviews.model import Review
from review_service.service import SERVICE as REVIEW
from support.casts import applying, programmes, reviewing
from support.casts.actors import id_of
from support.casts.reviewing import OFFICE, ROUND
from support.rules.sizes import sizes_within_limits
from support.service.alone import START, Alone, alone

CASES: Final = 1_500
NAME: Final = "山东虚构省级示范农业科技开发与现代服务集团股份有限公司"
ITEM: Final = "虚构牌有机花生油及其精深加工系列产品"
LONGEST: Final = "\U00020bb7" * 200
RULES: Final = reviewing.definition(quota=CASES)
CONSUMERS: Final = (APPLICATIONS, REGISTRY, NOTIFICATIONS)
PUBLISHED: Final = ("ShortlistProposed", "NoticePublished", "ListConfirmed", "AnnouncementPublished")


def application_id(number: int) -> str:
    """Return an id as long as those that applications gives."""
    return f"app_01506b3a-7c00-7000-8000-{number:012d}"


@pytest.fixture
async def review(tmp_path: Path) -> AsyncIterator[Alone]:
    """The review service with the round."""
    async with running(REVIEW, tmp_path) as service:
        await service.deliver(reviewing.published(RULES))
        await service.deliver(reviewing.opened(RULES))
        yield service


def running(service: Service, folder: Path) -> Any:  # noqa: ANN401 -- an asynchronous context manager
    """Run one service over a database of its own."""
    own = folder / service.name
    own.mkdir()
    return alone(service, f"sqlite:///{own / 'service.db'}", own)


async def store_scored(service: Alone, count: int, *, name: str = NAME, item: str = ITEM) -> None:
    """Store so many scored cases, as copies of the first one; what happened to them before is not published."""
    rules = programmes.programme(reviewing.HONOUR)
    first = Review.opened(reviewing.accepted(RULES), review_id="rev_1", at=START)
    first.assign(draw_id="drw_1", due_on=START.date(), readers=["expert-1", "expert-2", "expert-3"])
    first.take_score(rules.official_score([{leaf: rules.score_cap(leaf) for leaf in rules.leaves}] * 3))
    changes = [
        {
            "id": new_id("rev"),
            "application_id": application_id(number),
            "applicant_id": id_of(reviewing.uscc(number)),
            "applicant": reviewing.uscc(number),
            "applicant_name": name,
            "item": item,
            "digest": f"sha256:{number:064x}",
        }
        for number in range(1, count + 1)
    ]
    await store_copies(service, first, changes)


async def store_accepted(service: Alone) -> None:
    """Store the applications of the round, accepted, as copies of one."""
    first = applying.new_application("accepted", honour=reviewing.HONOUR, round_id=ROUND)
    changes = [
        {
            "id": application_id(n),
            "applicant_id": id_of(reviewing.uscc(n)),
            "applicant": reviewing.uscc(n),
            "uscc": reviewing.uscc(n),
            "receipt_number": str(n),
            "scope": str(n),
        }
        for n in range(1, CASES + 1)
    ]
    await store_copies(service, first, changes)


async def store_copies(service: Alone, first: Aggregate, changes: list[dict[str, Any]]) -> None:
    """Store an aggregate so many times, each with its changes."""
    table = service.service.metadata.tables[first.__tablename__]
    row = {column.key: getattr(first, column.key) for column in table.c if column.key != "version"} | {"version": 1}
    async with service.runtime.storage.database.write() as connection:
        await connection.execute(insert(table), [row | each for each in changes])
        await connection.commit()


async def posted(service: Alone, path: str, body: dict[str, Any] | None = None, who: str = reviewing.OFFICER) -> str:
    """Send a command that must succeed; returns the id of what it made."""
    answer = await service.send("POST", path, body, who=who)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def rows_of_round(service: Alone) -> list[Outgoing]:
    """Return the outbox rows of the events about the whole round, for every topic."""
    table = service.runtime.storage.records.outbox
    async with service.runtime.storage.database.read() as connection:
        rows = await connection.execute(select(table).order_by(table.c.seq))
        return [
            Outgoing(row.topic, row.key, row.id, row.type, row.headers, row.payload)
            for row in rows
            if EVENTS[row.type].__name__ in PUBLISHED
        ]


async def test_a_round_of_1500_cases_goes_through_and_every_consumer_processes_it(
    review: Alone, tmp_path: Path
) -> None:
    await store_scored(review, CASES)
    await review.deliver(reviewing.concluded(*(application_id(number) for number in range(1, CASES + 1))))
    ranking = await posted(review, "/v1/rankings", {"round_id": ROUND, "seed": "tie seed"})
    await posted(review, "/v1/notices", {"ranking_id": ranking})
    review.legal.move(days=9)
    deliberation = await posted(review, "/v1/deliberations", reviewing.vote(ranking))
    await reviewing.attach_ballots(review, deliberation)
    await posted(review, f"/v1/deliberations/{deliberation}/conclusions", who=reviewing.OTHER_OFFICER)
    await posted(review, f"/v1/deliberations/{deliberation}/confirmations", who=OFFICE)
    await posted(review, "/v1/announcements", reviewing.announcement(deliberation), OFFICE)

    sizes = await sizes_within_limits(review)
    of_round = {name: sizes[name, "internal"] for name in PUBLISHED}
    assert min(of_round.values()) > LARGEST // 3
    assert max(of_round.values()) > LARGEST * 3 // 4
    assert sizes["ReviewCompleted", "internal"] < 2_000

    rows = await rows_of_round(review)
    assert len(rows) == 2 * len(PUBLISHED)
    async with AsyncExitStack() as stack:
        others = [
            await stack.enter_async_context(running(one, tmp_path)) for one in (APPLICATIONS, REGISTRY, NOTIFICATIONS)
        ]
        applications, registry, notifications = others
        await store_accepted(applications)
        for service in (registry,):
            await service.deliver(reviewing.published(RULES))
            await service.deliver(reviewing.opened(RULES))
        for service in others:
            assert list(await service.runtime.ports.bus.publish(rows)) == [None] * len(rows)
            await service.settle()
            assert [await service.rows(table) for table in ("dead_letters", "parked")] == [[], []]
        assert {row["stage"] for row in await applications.rows("applications")} == {"on_notice"}
        (announced,) = await registry.rows("announcements")
        assert announced["document_number"] == "鲁名牌字〔2015〕8号"
        outside = {row.payload for row in rows if not row.topic.endswith(f".{Audience.INTERNAL}.v1")}
        assert {row["payload"] for row in await notifications.rows("feed")} == outside


async def test_a_list_that_is_too_large_to_publish_is_refused_and_nothing_is_written(review: Alone) -> None:
    await store_scored(review, 320, name=LONGEST, item=LONGEST)
    await review.deliver(reviewing.concluded(*(application_id(number) for number in range(1, 321))))
    ranking = await posted(review, "/v1/rankings", {"round_id": ROUND, "seed": "tie seed"})
    before = {table: await review.rows(table) for table in review.service.metadata.tables}

    answer = await review.send("POST", "/v1/notices", {"ranking_id": ranking}, who=reviewing.OFFICER)

    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["retryable"]) == (422, "event-too-large", False)
    assert str(LARGEST) in problem["detail"]
    assert {table: await review.rows(table) for table in review.service.metadata.tables} == before
