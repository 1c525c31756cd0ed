"""How much one caller may ask: a quota per window, told on every answer (RateLimit fields of the IETF draft).

Counted per process. A caller without a token is counted by address before anything else happens; with one, by the
client and person that the verified token names. A 304 costs nothing.
"""

import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import limits
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.web.problems import answer
from common.web.refusals import TooManyRequests

UNCOUNTED: Final = frozenset({"/livez", "/readyz", "/metrics"})
_NOT_MODIFIED: Final = 304


class RateLimiter:
    """The counters of one process; `rate` is written as in `600/minute`, `now` tells seconds that only grow.

    A caller's window begins with its first request. Counted here and not in the library's memory, which starts a
    thread for nearly every request.
    """

    def __init__(self, rate: str, now: Callable[[], float] = time.monotonic) -> None:
        item = limits.parse(rate)
        self.policy = f'"default";q={item.amount};w={item.get_expiry()}'
        self._amount = item.amount
        self._seconds = item.get_expiry()
        self._now = now
        self._windows: dict[str, _Window] = {}
        self._forget_at = now() + self._seconds

    @property
    def callers(self) -> frozenset[str]:
        """Return who has a window that may still run."""
        return frozenset(self._windows)

    def take(self, caller: str) -> bool:
        """Count one request; False when the quota is spent."""
        window = self._window(caller)
        window.taken += 1
        return window.taken <= self._amount

    def give_back(self, caller: str) -> None:
        """Uncount one request."""
        window = self._window(caller)
        window.taken = max(0, window.taken - 1)

    def left(self, caller: str) -> tuple[int, int]:
        """Return how many requests remain and in how many seconds the window ends."""
        window = self._window(caller)
        return max(0, self._amount - window.taken), max(1, math.ceil(window.ends_at - self._now()))

    def _window(self, caller: str) -> "_Window":
        now = self._now()
        if now >= self._forget_at:
            self._windows = {name: window for name, window in self._windows.items() if window.ends_at > now}
            self._forget_at = now + self._seconds
        window = self._windows.get(caller)
        if window is None or window.ends_at <= now:
            self._windows[caller] = window = _Window(now + self._seconds)
        return window


@dataclass(slots=True)
class _Window:
    ends_at: float
    taken: int = 0


@dataclass(slots=True)
class Quota:
    """One request's place in the counters."""

    limiter: RateLimiter
    address: str
    caller: str | None = None

    def charge(self, client: str | None) -> None:
        """Count the request for the client, or for the address. Raises TooManyRequests; counts only once."""
        if self.caller is not None:
            return
        self.caller = f"client {client}" if client else f"address {self.address}"
        if not self.limiter.take(self.caller):
            _, seconds = self.limiter.left(self.caller)
            raise TooManyRequests(seconds=seconds, retry_after=seconds)


class LimitsMiddleware:
    """Counts requests and writes the RateLimit fields; inside of CorrelationMiddleware, outside of everything else."""

    def __init__(self, app: ASGIApp, limiter: RateLimiter) -> None:
        self.app = app
        self.limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a counted request on, or answer 429."""
        if scope["type"] != "http" or scope["path"] in UNCOUNTED:
            await self.app(scope, receive, send)
            return
        quota = Quota(self.limiter, address_of(scope))
        scope.setdefault("state", {})["quota"] = quota

        async def send_with_fields(message: Message) -> None:
            if message["type"] == "http.response.start":
                _write_fields(message, quota)
            await send(message)

        if "authorization" not in Headers(scope=scope):
            try:
                quota.charge(None)
            except TooManyRequests as refusal:
                await answer(Request(scope), refusal)(scope, receive, send_with_fields)
                return
        await self.app(scope, receive, send_with_fields)


def charge(request: Request, client: str | None) -> None:
    """Count the request for a verified client, or for its address. Raises TooManyRequests."""
    quota = getattr(request.state, "quota", None)
    if isinstance(quota, Quota):
        quota.charge(client)


def address_of(scope: Scope) -> str:
    """Return what stands for a caller's address: an IPv6 caller owns its /64 and is counted by it."""
    host = (scope.get("client") or ("unknown", 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if address.version == 4:  # noqa: PLR2004 -- of the Internet Protocol
        return str(address)
    return str(ipaddress.ip_network((address.packed[:8] + bytes(8), 64)))


def _write_fields(message: Message, quota: Quota) -> None:
    # A token that no route looked at (a wrong path, a page) counts for the address; it is too late to refuse.
    caller = quota.caller or f"address {quota.address}"
    if quota.caller is None:
        quota.limiter.take(caller)
    if message["status"] == _NOT_MODIFIED:
        quota.limiter.give_back(caller)
    remaining, seconds = quota.limiter.left(caller)
    headers = MutableHeaders(scope=message)
    headers["RateLimit-Policy"] = quota.limiter.policy
    headers["RateLimit"] = f'"default";r={remaining};t={seconds}'
