"""Logging of all processes: structured lines on one stream, records of the standard library included.

Every line has the request, trace and event ids of the running task. Values of keys that name personal or secret data
are redacted. Inside sentences only mail addresses are redacted: log a token or a person's name under a key of its own.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
LogFormat = Literal["json", "console"]

REDACTED: Final = "[redacted]"
_SENSITIVE: Final = re.compile(
    r"(^|_)(e?mail(_address)?|phone|mobile|telephone|contacts?|address|id_card|authorization|cookie|credentials?"
    r"|passwords?|secrets?|tokens?|api_key|signature|reachable_at|mail_to|recipients?)$"
)
_MAIL_ADDRESS: Final = re.compile(r"[^\s@<>()\[\]'\",;:=]+@[^\s@<>()\[\]'\",;:=/]+")


def configure_logging(*, level: LogLevel, fmt: LogFormat, stream: TextIO | None = None) -> None:
    """Write every log line of this process to `stream` (by default standard error) in the given format."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _tracebacks(fmt),
        redact,
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(fmt)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        server = logging.getLogger(name)
        server.handlers, server.propagate = [], True
    # The access log contains query strings; our own line per request has the route instead.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


@contextmanager
def log_context(
    *, request_id: str | None = None, traceparent: str | None = None, event_id: str | None = None
) -> Iterator[None]:
    """Add the given ids to every line that the running task writes inside the block."""
    given = {"request_id": request_id, "traceparent": traceparent, "event_id": event_id}
    with structlog.contextvars.bound_contextvars(**{key: value for key, value in given.items() if value is not None}):
        yield


def contains_address(text: str) -> bool:
    """Return whether a text contains a mail address, which a log line would redact."""
    return _MAIL_ADDRESS.search(text) is not None


def redact(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """Redact the values of sensitive keys, and mail addresses in all other values, at any depth."""
    return {key: _redacted(key, value) for key, value in event_dict.items()}


def _redacted(key: object, value: Any) -> Any:  # noqa: ANN401 -- whatever is logged
    if isinstance(key, str) and _SENSITIVE.search(key.lower().replace("-", "_")):
        return REDACTED
    if isinstance(value, str):
        return _MAIL_ADDRESS.sub(REDACTED, value) if "@" in value else value
    if isinstance(value, Mapping):
        return {inner: _redacted(inner, each) for inner, each in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(None, each) for each in value]
    return value


def _renderers(fmt: LogFormat) -> list[Processor]:
    if fmt == "console":
        colours = False  # no colours on a terminal either, so that lines can be searched with grep
        return [structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.JSONRenderer(ensure_ascii=False)]


def _tracebacks(fmt: LogFormat) -> Processor:
    """Render the exception of a line before redaction, because its text may contain personal data."""
    if fmt == "console":
        return structlog.processors.format_exc_info
    return structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
