"""Rate limits: a quota per caller and window, reported on every answer (RateLimit fields of the IETF draft).

Each process counts by itself. A request without a token is counted for its address, before anything else happens, and
strictly unless it only reads; a request with a token for the client and person in the verified token. A 304 is not
counted.
"""

import ipaddress
import math
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

import limits
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.web.answers.problems import answer
from common.web.refusals import TooManyRequests
from common.wire import WireSettings

UNCOUNTED: Final = frozenset({"/livez", "/readyz", "/metrics"})
_NOT_MODIFIED: Final = 304
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class RateLimiter:
    """The counters of one limit; `rate` is written as in `600/minute`, `now` returns seconds that only grow.

    `name` is how the RateLimit fields call the limit; `share` divides the rate.

    A caller's window begins with its first request. The counters are here because the library's own memory store starts
    a thread for nearly every request.
    """

    def __init__(
        self, rate: str, now: Callable[[], float] = time.monotonic, *, name: str = "default", share: int = 1
    ) -> None:
        item = limits.parse(rate)
        self.name = name
        self._amount = max(1, item.amount // share)
        self.policy = f'"{name}";q={self._amount};w={item.get_expiry()}'
        self._seconds = item.get_expiry()
        self._now = now
        self._windows: dict[str, _Window] = {}
        self._forget_at = now() + self._seconds

    @property
    def callers(self) -> frozenset[str]:
        """Return the callers whose window may still be open."""
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


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one application: of signed-in clients and anonymous reads, and of everything else."""

    default: RateLimiter
    strict: RateLimiter

    @classmethod
    def of_service(cls, wire: WireSettings) -> "Limits":
        """Return the limits of a service."""
        return cls(RateLimiter(wire.rate_limit), _own("anonymous-writes", wire.rate_limit_anonymous_writes, wire, 50))

    @classmethod
    def of_issuer(cls, wire: WireSettings) -> "Limits":
        """Return the limits of the development issuer."""
        return cls(RateLimiter(wire.rate_limit), _own("tokens", wire.rate_limit_tokens, wire, 10))


def _own(name: str, rate: str | None, wire: WireSettings, share: int) -> RateLimiter:
    """Return a limit with a rate of its own, or with a share of the general one."""
    return RateLimiter(wire.rate_limit, name=name, share=share) if rate is None else RateLimiter(rate, name=name)


@dataclass(slots=True)
class Quota:
    """The charge of one request; `anonymous` is the limit that counts it when it names no client."""

    limits: Limits
    anonymous: RateLimiter
    address: str
    limiter: RateLimiter | None = None
    caller: str = ""

    def charge(self, client: str | None) -> None:
        """Count the request for the client, or for the address. Raises TooManyRequests; a second call does nothing."""
        if client is None:
            self.count(self.anonymous, f"address {self.address}")
        else:
            self.count(self.limits.default, f"client {client}")

    def count(self, limiter: RateLimiter, caller: str) -> None:
        """Count the request of a caller. Raises TooManyRequests; does nothing when it was counted before."""
        if self.limiter is not None:
            return
        self.limiter, self.caller = limiter, caller
        if not limiter.take(caller):
            _, seconds = limiter.left(caller)
            raise TooManyRequests(seconds=seconds, retry_after=seconds)


class LimitsMiddleware:
    """Counts requests and writes the RateLimit fields; inside of CorrelationMiddleware, outside of everything else.

    On the paths `counted_inside` the endpoint itself counts, for a caller whom only it can name.
    """

    def __init__(self, app: ASGIApp, limits: Limits, counted_inside: Collection[str] = ()) -> None:
        self.app = app
        self.limits = limits
        self._counted_inside = frozenset(counted_inside)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a counted request on, or answer 429."""
        if scope["type"] != "http" or scope["path"] in UNCOUNTED:
            await self.app(scope, receive, send)
            return
        anonymous = self.limits.default if scope["method"] in _READS else self.limits.strict
        quota = Quota(self.limits, anonymous, address_of(scope))
        scope.setdefault("state", {})["quota"] = quota

        async def send_with_fields(message: Message) -> None:
            if message["type"] == "http.response.start":
                _write_fields(message, quota)
            await send(message)

        if "authorization" not in Headers(scope=scope) and scope["path"] not in self._counted_inside:
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


def charge_at_address(request: Request, client: str) -> None:
    """Count the request for a client that is not verified yet, at its address only. Raises TooManyRequests.

    A stranger who uses the client's name elsewhere does not spend the client's own quota.
    """
    quota = getattr(request.state, "quota", None)
    if isinstance(quota, Quota):
        quota.count(quota.anonymous, f"client {client} at {quota.address}")


def address_of(scope: Scope) -> str:
    """Return the key that an address is counted under: for IPv6 its /64, which one caller owns."""
    host = (scope.get("client") or ("unknown", 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if address.version == 4:  # noqa: PLR2004 -- of the Internet Protocol
        return str(address)
    return str(ipaddress.ip_network((address.packed[:8] + bytes(8), 64)))


def _write_fields(message: Message, quota: Quota) -> None:
    # A token that no route has verified (wrong path, page) is charged to the address; it is too late to refuse.
    limiter, caller = quota.limiter or quota.anonymous, quota.caller or f"address {quota.address}"
    if quota.limiter is None:
        limiter.take(caller)
    if message["status"] == _NOT_MODIFIED:
        limiter.give_back(caller)
    remaining, seconds = limiter.left(caller)
    headers = MutableHeaders(scope=message)
    headers["RateLimit-Policy"] = limiter.policy
    headers["RateLimit"] = f'"{limiter.name}";r={remaining};t={seconds}'
