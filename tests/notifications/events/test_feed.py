import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from common.contracts.catalogue import EVENTS
from common.contracts.notifications.messages import MessageDelivered
from common.contracts.schema import dataschema
from common.kernel.event import Audience, Envelope, Event, sequence_text, topic
from common.kernel.ids import new_id
from common.messaging.bus import Outgoing, Record
from notifications_service.feed.events.following import content_of, keep_in_feed
from notifications_service.feed.events.routes import FORWARDED, to_cursor
from support.casts.casenews import (
    FIRM,
    SECRETS,
    accepted,
    completed,
    objected,
    registered,
    returned,
    revoked,
    shortlisted,
    submitted,
)
from support.casts.reviewing import (
    APPLICANT,
    DEPARTMENT,
    EVERYBODY,
    FAR_PARTNER,
    OBSERVER,
    OFFICE,
    OFFICER,
    PARTNER,
    RECOMMENDER,
)
from support.service.alone import START, Alone

NEWS: list[Event] = [submitted(), shortlisted(), objected(), registered(), completed(), revoked()]
FIRST = NEWS[0].type_name()
AGENCY = ["ApplicationSubmitted", "ShortlistProposed", "ObjectionFiled", "ReviewCompleted"]
PUBLIC_NEWS = ["BrandRegistered", "BrandRevoked"]


def outgoing(event: Event, audience: Audience, number: int) -> Outgoing:
    event_id = new_id(None)
    headers = Envelope(
        id=event_id,
        type=event.type_name(),
        source=f"/services/{event.service}",
        subject=event.subject,
        time=START,
        dataschema=dataschema(type(event), "http://127.0.0.1:8000"),
        sequence=sequence_text(number),
        correlationid="req_test",
    ).headers()
    return Outgoing(
        topic=topic(event.service, audience),
        key=event.subject,
        id=event_id,
        type=event.type_name(),
        headers=headers,
        payload=event.whole() if audience is Audience.INTERNAL else event.projection(),
    )


async def publish(service: Alone, *events: Event) -> list[Outgoing]:
    """Publish each event outside, one after the other so that their order in the feed is this one."""
    rows = [outgoing(event, event.audience, number) for number, event in enumerate(events, start=1)]
    for row in rows:
        await service.runtime.ports.bus.publish([row])
        await service.settle()
    return rows


async def feed(service: Alone, who: str = OFFICE, **query: str | int | list[str]) -> dict[str, Any]:
    pairs = [(name, one) for name, value in query.items() for one in (value if isinstance(value, list) else [value])]
    path = "/v1/events?" + "&".join(f"{name}={value}" for name, value in pairs)
    answer = await service.send("GET", path, who=who)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


def names(page: dict[str, Any]) -> list[str]:
    return [item["type"].split(".")[3] for item in page["items"]]


@pytest.mark.parametrize("position", [8, 9, 2**63 - 1])
async def test_a_cursor_behind_the_newest_event_is_refused_with_the_way_on(service: Alone, position: int) -> None:
    await publish(service, *NEWS)
    at_the_end = await service.send("GET", f"/v1/events?after={to_cursor(len(NEWS))}")
    assert (at_the_end.status_code, at_the_end.json()["items"]) == (200, [])

    path = f"/v1/events?types={FIRST}&limit=2&after={to_cursor(position)}"
    gone = await service.send("GET", path, who=OFFICE)

    assert (gone.status_code, gone.json()["code"], gone.json()["retryable"]) == (410, "cursor-gone", False)
    restart = gone.json()["restart"]
    assert gone.headers["link"] == f'<{restart}>; rel="first"'
    again = await service.send("GET", restart, who=OFFICE)
    assert [item["type"] for item in again.json()["items"]] == [FIRST]


@pytest.mark.parametrize(
    "types",
    [
        ["cn.mingpai.registry.BrandRevoked.v2"],
        ["BrandRevoked"],
        ["cn.mingpai.applications.ApplicationSubmitted.v1", "cn.mingpai.registry.BrandPraised.v1"],
        [MessageDelivered.type_name()],
    ],
)
async def test_a_type_that_the_feed_never_shows_is_refused(service: Alone, types: list[str]) -> None:
    answer = await service.send("GET", "/v1/events?" + "&".join(f"types={one}" for one in types))

    assert (answer.status_code, answer.json()["code"]) == (400, "filter-value-unknown")
    assert "types" in answer.json()["detail"]


def test_every_type_that_leaves_the_platform_is_a_filter() -> None:
    outward = {name for name, event in EVENTS.items() if len(event.topics()) > 1}
    assert outward == FORWARDED
    assert MessageDelivered.type_name() not in outward


async def test_an_event_is_forwarded_byte_for_byte_under_its_own_id(service: Alone) -> None:
    (row,) = await publish(service, registered())

    answer = await service.send("GET", "/v1/events")

    (item,) = answer.json()["items"]
    assert b'"data":' + row.payload + b"}" in answer.content
    context = {name.removeprefix("ce_"): value for name, value in row.headers.items() if name.startswith("ce_")}
    assert {key: value for key, value in item.items() if key != "data"} == context
    (stored,) = await service.rows("feed")
    assert (stored["payload"], stored["event_id"], stored["position"]) == (row.payload, row.id, 1)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("", PUBLIC_NEWS),
        ("administrator|OPS", PUBLIC_NEWS),
        ("expert|FREE|370102|expert-1", PUBLIC_NEWS),
        (APPLICANT, ["ApplicationSubmitted", "ObjectionFiled", "BrandRegistered", "ReviewCompleted", "BrandRevoked"]),
        ("applicant|91370202FAKE0003XH", PUBLIC_NEWS),
        (PARTNER, ["ApplicationSubmitted", "ObjectionFiled", "BrandRegistered", "ReviewCompleted", "BrandRevoked"]),
        (RECOMMENDER, ["ApplicationSubmitted", "ObjectionFiled", "BrandRegistered", "ReviewCompleted", "BrandRevoked"]),
        (FAR_PARTNER, PUBLIC_NEWS),
        ("partner|NO-AREA", PUBLIC_NEWS),
        ("recommender|NO-AREA", PUBLIC_NEWS),
    ]
    + [(who, [type(event).__name__ for event in NEWS]) for who in (OFFICER, OFFICE, OBSERVER, DEPARTMENT)],
)
async def test_each_caller_gets_what_is_meant_for_him(service: Alone, who: str, expected: list[str]) -> None:
    await publish(service, *NEWS)

    assert names(await feed(service, who)) == expected


async def test_nothing_internal_is_in_the_feed_for_anybody(service: Alone) -> None:
    for event in (submitted(), accepted(), objected()):
        await service.runtime.ports.bus.publish([outgoing(event, Audience.INTERNAL, 1)])
    await publish(service, submitted(), accepted(), objected(), completed())

    rows = await service.rows("feed")
    assert len(rows) == 4
    for who in (*EVERYBODY, ""):
        text = (await service.send("GET", "/v1/events", who=who)).text
        assert not [secret for secret in (*SECRETS, "SD-370102", "SD-370100") if secret in text]
    assert not [secret for secret in SECRETS if secret in str(rows)]
    assert FIRM in (await service.send("GET", "/v1/events", who=OFFICE)).text


async def test_a_reader_continues_from_his_cursor_and_misses_nothing(service: Alone) -> None:
    await publish(service, *NEWS)

    seen: list[str] = []
    after: dict[str, str] = {}
    for _ in range(4):
        page = await feed(service, limit=2, **after)
        seen += names(page)
        after = {"after": page["next_cursor"]}

    assert seen == [type(event).__name__ for event in NEWS]
    empty = await feed(service, **after)
    assert empty == {"items": [], "next_cursor": after["after"]}
    await publish(service, returned())
    assert names(await feed(service, **after)) == ["ApplicationReturned"]


async def test_a_page_that_filters_everything_out_still_moves_the_cursor_to_the_head(service: Alone) -> None:
    await publish(service, submitted(), objected())

    page = await feed(service, "")
    again = await feed(service, OFFICE, after=page["next_cursor"])

    assert page["items"] == []
    assert again["items"] == []


async def test_types_pick_out_of_what_may_be_seen(service: Alone) -> None:
    await publish(service, *NEWS)
    wanted = [revoked().type_name(), objected().type_name()]

    assert names(await feed(service, OFFICE, types=wanted)) == ["ObjectionFiled", "BrandRevoked"]
    assert names(await feed(service, "", types=wanted)) == ["BrandRevoked"]
    first = await feed(service, OFFICE, types=wanted, limit=1)
    assert names(await feed(service, OFFICE, types=wanted, after=first["next_cursor"])) == ["BrandRevoked"]


async def test_the_link_of_a_page_leads_on_under_the_same_filter(service: Alone) -> None:
    await publish(service, *NEWS)
    wanted = f"types={revoked().type_name()}&types={objected().type_name()}&limit=1"

    first = await service.send("GET", f"/v1/events?{wanted}", who=OFFICE)
    link = first.headers["Link"].removeprefix("<").removesuffix('>; rel="next"')
    second = await service.send("GET", link, who=OFFICE)

    assert link == f"/v1/events?{wanted}&after={first.json()['next_cursor']}"
    assert (names(first.json()), names(second.json())) == (["ObjectionFiled"], ["BrandRevoked"])


async def test_a_foreign_cursor_and_a_wrong_limit_are_refused(on_sqlite: Alone) -> None:
    for cursor in ("abc", "é"):
        foreign = await on_sqlite.send("GET", f"/v1/events?after={cursor}")
        assert (foreign.status_code, foreign.json()["code"]) == (400, "cursor-invalid")
    for limit in ("0", "201", "x"):
        assert (await on_sqlite.send("GET", f"/v1/events?limit={limit}")).status_code == 422
    assert await feed(on_sqlite, "") == {"items": [], "next_cursor": (await feed(on_sqlite, ""))["next_cursor"]}


async def test_an_event_that_is_delivered_twice_is_in_the_feed_once(service: Alone) -> None:
    (row,) = await publish(service, registered())

    await service.runtime.ports.bus.publish([row])
    await service.settle()

    assert [stored["position"] for stored in await service.rows("feed")] == [1]
    assert [stored["position"] for stored in await service.rows("feed_head")] == [1]


async def test_a_position_is_seen_only_after_all_smaller_ones(service: Alone) -> None:
    first, second = (outgoing(registered(), Audience.PUBLIC, number) for number in (1, 2))

    def content(row: Outgoing) -> tuple[Record, Mapping[str, Any]]:
        record = Record(
            topic=row.topic, partition=0, offset=0, key=row.key, id=row.id, type=row.type, headers=row.headers,
            payload=row.payload,
        )  # fmt: skip
        return record, content_of(record)

    async def follow(row: Outgoing) -> None:
        async with service.runtime.storage.database.write() as connection:
            await keep_in_feed(connection, [content(row)])
            await connection.commit()

    async with service.runtime.storage.database.write() as connection:
        await keep_in_feed(connection, [content(first)])
        other = asyncio.create_task(follow(second))
        done, _ = await asyncio.wait([other], timeout=0.3)
        assert not done
        assert (await feed(service, ""))["items"] == []
        await connection.commit()
    await other

    assert [item["id"] for item in (await feed(service, ""))["items"]] == [first.id, second.id]
