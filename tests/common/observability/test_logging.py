"""Log lines are structured, have the ids of the task, and contain no personal or secret value."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from common.observability.logging import REDACTED, LogFormat, configure_logging, log_context

SERVERS = ("uvicorn", "uvicorn.error", "uvicorn.access")


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Log into memory as JSON; the previous configuration is restored afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    before = {name: (logging.getLogger(name).level, logging.getLogger(name).handlers) for name in SERVERS}
    stream = io.StringIO()
    configure_logging(level="INFO", fmt="json", stream=stream)
    yield stream
    root.handlers = handlers
    root.setLevel(level)
    for name, (server_level, server_handlers) in before.items():
        logging.getLogger(name).setLevel(server_level)
        logging.getLogger(name).handlers = server_handlers
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """Parse the log lines, without their timestamps."""
    parsed = [json.loads(line) for line in stream.getvalue().splitlines()]
    for line in parsed:
        assert line.pop("timestamp").endswith("Z")
    return parsed


def test_a_line_is_one_json_object(stream: io.StringIO) -> None:
    structlog.get_logger("registry").info("brand_registered", brand="鲁花\n名牌")
    assert lines(stream) == [
        {"event": "brand_registered", "brand": "鲁花\n名牌", "level": "info", "logger": "registry"}
    ]


def test_the_standard_library_writes_the_same_lines(stream: io.StringIO) -> None:
    logging.getLogger("aiokafka").warning("lost %s", "broker-1", extra={"authorization": "Bearer abc", "node": 1})
    assert lines(stream) == [
        {"event": "lost broker-1", "authorization": REDACTED, "node": 1, "level": "warning", "logger": "aiokafka"}
    ]


def test_lines_below_the_level_are_not_written(stream: io.StringIO) -> None:
    structlog.get_logger("registry").debug("detail")
    logging.getLogger("registry").debug("detail")
    assert lines(stream) == []


@pytest.mark.parametrize(
    "key",
    [
        "email", "E-Mail", "contact_email", "phone", "mobile", "contact", "contacts", "Authorization", "set-cookie",
        "smtp_password", "client_secret", "access_token", "api_key", "recipient", "reachable_at", "id_card",
    ],
)  # fmt: skip
def test_personal_and_secret_values_are_redacted_at_any_depth(stream: io.StringIO, key: str) -> None:
    structlog.get_logger().info("said", **{key: "PLANTED", "payload": [{"inner": {key: {"x": "PLANTED"}}}]})
    (line,) = lines(stream)
    assert (line[key], line["payload"]) == (REDACTED, [{"inner": {key: REDACTED}}])
    assert "PLANTED" not in stream.getvalue()


def test_ordinary_values_are_written(stream: io.StringIO) -> None:
    structlog.get_logger().info("said", brand_id="brd_1", contacted=True, tokenised=3, microphone=2)
    (line,) = lines(stream)
    assert (line["brand_id"], line["contacted"], line["tokenised"], line["microphone"]) == ("brd_1", True, 3, 2)


def test_every_line_inside_the_block_has_the_ids_of_the_task_and_no_line_outside(stream: io.StringIO) -> None:
    with log_context(request_id="req-1", traceparent="00-1-2-01"):
        structlog.get_logger().info("first")
        with log_context(event_id="evt-1"):
            logging.getLogger("lib").info("second")
    structlog.get_logger().info("third")
    ids = [
        {key: line[key] for key in ("request_id", "traceparent", "event_id") if key in line} for line in lines(stream)
    ]
    request = {"request_id": "req-1", "traceparent": "00-1-2-01"}
    assert ids == [request, request | {"event_id": "evt-1"}, {}]


def test_a_traceback_shows_no_local_values(stream: io.StringIO) -> None:
    def fail() -> None:
        planted = "PLANTED".lower()
        raise ValueError(len(planted))

    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("failed")
    (line,) = lines(stream)
    assert line["exception"][0]["exc_type"] == "ValueError"
    assert "planted" not in stream.getvalue()


@pytest.mark.parametrize("fmt", ["json", "console"])
def test_a_mail_address_inside_a_sentence_or_traceback_is_redacted(stream: io.StringIO, fmt: LogFormat) -> None:
    configure_logging(level="INFO", fmt=fmt, stream=stream)
    logging.getLogger("mail").warning("550 <li.lei@firm.example>: no such mailbox", extra={"said": ["to=a@b.example"]})

    def fail() -> None:
        raise ValueError("li.lei@firm.example is wrong")

    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("failed")
    written = stream.getvalue()
    assert f"550 <{REDACTED}>: no such mailbox" in written
    assert f"{REDACTED} is wrong" in written
    assert "@" not in written


@pytest.mark.parametrize("fmt", ["json", "console"])
def test_the_server_does_not_log_query_strings(stream: io.StringIO, fmt: LogFormat) -> None:
    configure_logging(level="INFO", fmt=fmt, stream=stream)
    logging.getLogger("uvicorn.access").info("GET /v1/brands?q=PLANTED")
    logging.getLogger("uvicorn.error").info("started")
    assert "PLANTED" not in stream.getvalue()
    assert "started" in stream.getvalue()


def test_a_console_line_is_plain_and_redacted(stream: io.StringIO) -> None:
    configure_logging(level="INFO", fmt="console", stream=stream)
    structlog.get_logger("registry").info("said", email="PLANTED", brand="b1")
    written = stream.getvalue()
    assert "brand=b1" in written
    assert "\x1b" not in written
    assert "PLANTED" not in written


def test_configuring_twice_does_not_write_lines_twice(stream: io.StringIO) -> None:
    configure_logging(level="INFO", fmt="json", stream=stream)
    structlog.get_logger("registry").info("once")
    assert len(lines(stream)) == 1
