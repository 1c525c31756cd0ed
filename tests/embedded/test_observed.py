"""A command followed from outside, from the request to the mail: one trace, and its ids on every line of the log."""

import json
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import structlog
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from embedded.demo.people import load_demo
from embedded.journey import core_path, stages
from embedded.journey.player import Player
from support.service.platform import Platform, platform_on, sqlite_databases
from support.service.waiting import eventually

CANDIDATE = core_path.CAST[0]
SUBMIT = "applications: POST /v1/applications/{application_id}/submissions"
ANNOUNCE = "review: POST /v1/announcements"
REGISTERS = "registry: consume review.ReviewCompleted.v1"
NOTIFIES_OF_SUBMITTED = "notifications: consume applications.ApplicationSubmitted.v1"
NOTIFIES_OF_COMPLETED = "notifications: consume review.ReviewCompleted.v1"
NOTIFIES_OF_REGISTERED = "notifications: consume registry.BrandRegistered.v1"


def player_of(platform: Platform) -> Player:
    return Player(platform.client, load_demo(), story="observed", report=lambda _: None)


def name(span: ReadableSpan) -> str:
    service = span.resource.attributes["service.name"]
    return f"{service!s}: {span.name}"


def edges(spans: Sequence[ReadableSpan], root: str) -> set[tuple[str, str]]:
    """Return the one trace that begins with a span of this name: each span with what it came of, by name.

    A relay publishes rows of many traces at once: its span is in the first trace and linked to the others.
    """
    named = {span.context.span_id: name(span) for span in spans if span.context}
    (trace,) = {span.context.trace_id for span in spans if span.context and not span.parent and name(span) == root}
    return {
        (name(span), named[cause.span_id])
        for span in spans
        for cause in (span.parent, *(link.context for link in span.links))
        if cause and cause.trace_id == trace
    }


async def all_published(platform: Platform) -> None:
    """Wait until nothing waits to be published."""

    async def none_left() -> bool:
        return not any(rows for table, rows in (await platform.row_counts()).items() if table.endswith(".outbox"))

    await eventually(none_left)


async def test_what_a_command_causes_is_one_trace_up_to_the_mail(tmp_path: Path) -> None:
    spans = InMemorySpanExporter()
    async with platform_on(sqlite_databases(tmp_path), tmp_path, raising=True, spans=spans) as platform:
        player = player_of(platform)
        await stages.set_up_province(player)
        await core_path.play_honour(player, CANDIDATE)
        await player.ask(None, "/v1/brands", q=stages.applicant_of(player.demo, CANDIDATE.actor).name.zh)
        await all_published(platform)

    found = spans.get_finished_spans()
    assert edges(found, SUBMIT) == {
        ("applications: relay publish", SUBMIT),
        (NOTIFIES_OF_SUBMITTED, SUBMIT),
        ("notifications: mail send", NOTIFIES_OF_SUBMITTED),
        ("notifications: relay publish", "notifications: mail send"),
    }
    assert edges(found, ANNOUNCE) == {
        ("review: relay publish", ANNOUNCE),
        ("applications: consume review.ReviewCompleted.v1", ANNOUNCE),
        (NOTIFIES_OF_COMPLETED, ANNOUNCE),
        ("notifications: mail send", NOTIFIES_OF_COMPLETED),
        ("registry: consume review.AnnouncementPublished.v1", ANNOUNCE),
        (REGISTERS, ANNOUNCE),
        ("registry: relay publish", REGISTERS),
        ("applications: consume registry.BrandRegistered.v1", REGISTERS),
        ("review: consume registry.BrandRegistered.v1", REGISTERS),
        (NOTIFIES_OF_REGISTERED, REGISTERS),
        ("notifications: mail send", NOTIFIES_OF_REGISTERED),
        ("notifications: relay publish", "notifications: mail send"),
    }
    firm = stages.applicant_of(load_demo(), CANDIDATE.actor)
    written = "".join(str(span.to_json()) for span in found)
    assert [one for one in (*firm.contact.model_dump().values(), firm.uscc, firm.name.zh) if one in written] == []


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """The process's logging is what it was before the platform configured its own."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("logging_as_it_was")
async def test_every_line_about_a_command_and_what_it_causes_carries_its_ids_and_nobodys_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = {"MINGPAI_LOG_LEVEL": "DEBUG", "MINGPAI_LOG_FORMAT": "json"}
    async with platform_on(sqlite_databases(tmp_path), tmp_path, raising=True, settings=settings) as platform:
        player = player_of(platform)
        round_id = await stages.open_round(player, CANDIDATE.honour)
        firm = await stages.register_applicant(player, CANDIDATE.actor)
        await stages.apply(player, CANDIDATE.actor, round_id, CANDIDATE.honour)
        await player.until(
            CANDIDATE.actor, "is notified", "/v1/messages", lambda page: [m for m in page["items"] if m["delivered_at"]]
        )
        await all_published(platform)

    text = capsys.readouterr().err
    lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]

    def the(**like: str) -> dict[str, Any]:
        (found,) = (line for line in lines if like.items() <= line.items())
        return found

    request = the(event="request", route="/v1/applications/{application_id}/submissions")
    reaction = the(event="event-answered", service="notifications", type="applications.ApplicationSubmitted.v1")
    mail = the(event="mail-sent")
    ids = {"request_id": request["request_id"], "traceparent": request["traceparent"]}
    assert (request["status"], request["request_id"][:4], len(request["traceparent"])) == (201, "req_", 55)
    assert ids.items() <= reaction.items()
    assert ids | {"event_id": reaction["event_id"]} == {key: mail[key] for key in ("event_id", *ids)}
    ours = [line for line in lines if line["event"] in {"request", "event-answered", "mail-sent"}]
    assert [line for line in ours if not line["request_id"] or not line["traceparent"]] == []
    assert firm.contact.email not in text
    assert [one for one in firm.contact.model_dump().values() if one in text] == []
