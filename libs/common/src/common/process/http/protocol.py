"""HTTP/1.1 as our servers speak it: uvicorn's httptools protocol, with upgrade offers ignored and with deadlines.

httptools reports "no body" for every request that offers an upgrade (h2c of the JDK's client and of `curl --http2`), so
the head is parsed again without the offer. `is_late` is asked by the server once a second.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Final, Literal, NoReturn

import httptools
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from common.process.http.head import MAX_FIELDS, MAX_HEAD, refusal_of, refusing
from common.process.http.overflow import Overflow
from common.web.refusals import HeadTooLarge, WebRefusal
from common.wire import WireSettings

SPARE: Final = 50
"""Connections over the cap that are still accepted, for health checks; on any further one nothing is read."""
SPARE_SECONDS: Final = 2.0
"""Seconds within which a spare connection must have sent its request."""
SLOWEST_BODY: Final = 16 * 1024
"""Bytes of a body for which a client gets one more second."""
SLICE: Final = 4 * 1024
"""Bytes that are parsed at once: a head that is too large is found after at most that much more than the limit."""
_OFFER: Final = frozenset({b"upgrade", b"http2-settings"})


@dataclass(slots=True)
class _Unsent:
    """The bytes of answers that the client has not taken, and since when it has taken none of them."""

    size: int = 0
    since: float = 0.0


class _Refused(Exception):  # noqa: N818 -- it stops the parser, which reports whatever a callback raises
    """The head has been refused: nothing more is read from the connection."""


class ServingConfig(uvicorn.Config):
    """The options of every server of ours, once. `drain_seconds` is how long running requests may take at its end."""

    def __init__(
        self, app: ASGIApp, wire: WireSettings, *, drain_seconds: int, lifespan: Literal["on", "off"] = "on"
    ) -> None:
        self.wire = wire
        super().__init__(
            app,
            host=wire.host,
            port=wire.port,
            http=ServingProtocol,
            ws="none",
            lifespan=lifespan,
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=bool(wire.trusted_proxies),
            forwarded_allow_ips=[str(proxy) for proxy in wire.trusted_proxies],
            timeout_keep_alive=wire.idle_seconds,
            timeout_graceful_shutdown=drain_seconds,
        )


class ServingProtocol(HttpToolsProtocol):
    """One connection. `due` is when the client must have sent what is expected of it, None while it owes nothing."""

    config: ServingConfig

    def __init__(
        self,
        config: ServingConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.due: float | None = None
        self._was_late = False
        self._head_seconds = config.wire.head_seconds
        self._body_due = 0.0
        self._unsent = _Unsent()
        self._in_head = False
        self._unread = 0
        """Bytes of a head, of trailers or of chunk extensions that have been fed since its begin."""
        self._trailers = 0
        self._refused = False
        self._running: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Expect a head; over the cap answer health checks only, and nothing when there are far too many."""
        super().connection_made(transport)
        cap = self.config.wire.connections
        if len(self.connections) > cap + SPARE:
            transport.abort()
        elif len(self.connections) > cap:
            self.app = Overflow(self.app)
            self._head_seconds = min(self._head_seconds, SPARE_SECONDS)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived; a head that offers an upgrade is parsed again without the offer."""
        self._unset_keepalive_if_required()
        if self._refused:
            return
        if self.due is None and self._owes_nothing:
            self._expect_head()  # also for blank lines before a head, which the parser passes over in silence
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._parsed(rest[:SLICE]) :]
        except _Refused:
            return
        except httptools.HttpParserError:
            if not self._refused:
                self.send_400_response("Invalid HTTP request received.")

    def on_message_begin(self) -> None:
        """Expect the rest of the head."""
        super().on_message_begin()
        self._in_head, self._unread, self._trailers = True, 0, 0
        self._expect_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of the head, without blanks around its value; never merge a trailer field (RFC 9110 §6.5.1)."""
        if self._in_head:
            super().on_header(name, value.strip(b" \t"))
            if len(self.headers) > MAX_FIELDS:
                self._refuse(HeadTooLarge(limit=MAX_HEAD, fields=MAX_FIELDS))
        else:
            self._trailers += 1
            if self._trailers > MAX_FIELDS:
                self._give_up()

    def on_headers_complete(self) -> None:
        """Expect the body and start the request, unless its head is refused or parsed again."""
        if not self.parser.should_upgrade():
            self._in_head, self._unread = False, 0
            version = self.parser.get_http_version()
            refusal = refusal_of(self.parser.get_method(), self.url, version, self.headers)
            if refusal is not None:
                self._refuse(refusal)
            if version == "1.0":
                self.expect_100_continue = False  # RFC 9110 §10.1.1
            self._body_due = self.due = self.loop.time() + self.config.wire.body_seconds
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Give the client time for the rest of its body: as much as this part has earned."""
        self._unread = 0
        self._body_due += len(body) / SLOWEST_BODY
        self.due = self._body_due
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Expect nothing more."""
        if not self.parser.should_upgrade():
            self.due = None
            self._unread = 0
            super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the request that is being answered, which need not be the newest, end without an answer."""
        self._leave_unanswered()
        super().connection_lost(exc)

    def end(self) -> None:
        """End the connection at once, whatever is under way."""
        self._leave_unanswered()
        self.transport.abort()

    def is_late(self, now: float) -> bool:
        """Return whether the client has not sent, or not taken, what it should have by now.

        It has to be found late twice: between the two what it has sent is read, even if this process was held up.
        """
        late, self._was_late = self._was_late, self._is_overdue(now)
        return late and self._was_late

    def _is_overdue(self, now: float) -> bool:
        if self.due is not None and self.flow.read_paused:
            self.due = self._body_due = now + self.config.wire.body_seconds  # it is we who do not read
        waiting = self.transport.get_write_buffer_size()
        if waiting == 0 or waiting != self._unsent.size:
            self._unsent = _Unsent(waiting, now)
        takes_nothing = now - self._unsent.since > self.config.wire.body_seconds
        return takes_nothing or (self.due is not None and self.due < now)

    @property
    def _owes_nothing(self) -> bool:
        """Whether every request has been answered."""
        return self.cycle is None or (self.cycle.response_complete and not self.pipeline)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401 -- as uvicorn's own
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _leave_unanswered(self) -> None:
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()

    def _refuse(self, refusal: WebRefusal) -> NoReturn:
        """Answer this request, after those before it, with the refusal as the connection's last answer."""
        self._refused, self.due = True, None
        self.url = b"/"
        app, self.app = self.app, refusing(refusal)
        super().on_headers_complete()
        self.app = app
        self.cycle.more_body = False
        raise _Refused

    def _give_up(self) -> NoReturn:
        """End a connection whose request is already being answered."""
        self._refused = True
        self.end()
        raise _Refused

    def _count(self, size: int) -> None:
        """Count bytes that were neither body nor the end of a head; too many of them end the request."""
        self._unread += size
        if self._unread > MAX_HEAD:
            if self._in_head:
                self._refuse(HeadTooLarge(limit=MAX_HEAD, fields=MAX_FIELDS))
            self._give_up()

    def _expect_head(self) -> None:
        self.due = self.loop.time() + self._head_seconds

    def _parsed(self, data: memoryview) -> int:
        """Parse the data up to the end of a head that offers an upgrade, else all of it; return how much that was."""
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as offered:
            if self.parser.get_method() == b"CONNECT":
                raise httptools.HttpParserError("CONNECT is for proxies") from offered
            head = self._head_without_offer()
            self.parser = httptools.HttpRequestParser(self)  # the old one may take the connection for closed
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn
            self.parser.feed_data(head)
            return int(offered.args[0])
        self._count(len(data))
        return len(data)

    def _head_without_offer(self) -> bytes:
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())]
        for name, value in self.headers:
            kept = value
            if name == b"connection":
                kept = b", ".join(token for part in value.split(b",") if (token := part.strip()).lower() not in _OFFER)
            if name not in _OFFER and kept:
                lines.append(b"%b: %b" % (name, kept))
        return b"\r\n".join(lines) + b"\r\n\r\n"
