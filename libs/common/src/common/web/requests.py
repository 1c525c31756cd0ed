"""The handling of a request: it is authorised, read strictly, and committed before it is answered.

A command opens the transaction, replays or stores the idempotent answer and commits before the first byte of the answer
is sent. A query reads in a transaction that cannot write.
"""

import re
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Final

import structlog
from fastapi import Request, Response

from common.codes.vocabulary.words import ACTIONS
from common.kernel.actor import ANONYMOUS, PUBLIC, Actor, Role
from common.kernel.errors import Lang
from common.observability.correlation import Correlation
from common.runtime import Runtime
from common.storage.refusals import LostRace
from common.uploads.keeping import Upload as TakenIn, taken_in
from common.web.access.auth import authenticate
from common.web.answers.etag import etag, matches
from common.web.answers.files import FileAnswer, Upload, sent_file
from common.web.answers.idempotency import Attempt, claimed, fingerprint, remember, replay
from common.web.correlation import current_correlation
from common.web.input.strict import StrictRequest, StrictRoute, is_form
from common.web.refusals import (
    IdempotencyKeyRequired,
    PreconditionUnsupported,
    RoleMissing,
    Unauthenticated,
    UnsupportedMediaType,
)
from common.web.resources import Offer

MOST_TRIES: Final = 5
"""How often a command is tried that loses races to others: one of them wins each time, so that four need four tries."""
KEY: Final = re.compile(r"[!-~]{1,255}")
_log = structlog.get_logger(__name__)
_MEMBER: Final = re.compile(r"\{[a-z_]+\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One route's row in the access table."""

    method: str
    path: str
    allow: frozenset[Role]
    actions: tuple[str, ...]
    operation: str
    checks_version: bool = False
    """Whether the route reads `If-Match`."""

    @property
    def writes(self) -> bool:
        """Return whether the route changes anything."""
        return self.method != "GET"

    @property
    def described(self) -> dict[str, Any]:
        """Return the additions to FastAPI's description of the route in OpenAPI.

        `x-action` is the lifecycle's move that the route makes, or a list of moves when the body decides.
        """
        roles = sorted(role.value for role in self.allow) or ["everyone"]
        security: list[dict[str, list[str]]] = [] if self.allow == PUBLIC else [{"bearer": []}]
        described: dict[str, Any] = {"x-roles": roles, "security": security}
        if self.actions:
            described["x-action"] = self.actions[0] if len(self.actions) == 1 else list(self.actions)
        return described

    def admits(self, actor: Actor) -> bool:
        """Return whether the actor may call the route."""
        return self.allow == PUBLIC or bool(self.allow & actor.roles)

    def check(self, actor: Actor) -> None:
        """Raise Unauthenticated or RoleMissing unless the actor may call the route."""
        if self.admits(actor):
            return
        if actor is ANONYMOUS:
            raise Unauthenticated
        raise RoleMissing(roles=", ".join(sorted(self.allow)))

    def offer(self, noun: str, action: str, *, key: str, lang: Lang) -> Offer:
        """Return the route as an offered step of the noun; `key`, percent-encoded, replaces the member in its path."""
        return Offer(
            action=action,
            operation_id=self.operation,
            method=self.method,
            href=_MEMBER.sub(lambda _: key, self.path),
            title=ACTIONS.name(action, lang, noun),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The values of a view that the answer's headers need."""

    version: int
    location: str | None


def guarded(access: Access, *, stores: Upload | None = None) -> type[StrictRoute]:
    """Return the route class that surrounds an endpoint with authorisation and its unit of work."""

    class Guarded(StrictRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            inner = super().get_route_handler()

            async def handle(request: Request) -> Response:
                request = StrictRequest(request.scope, request.receive)
                runtime: Runtime = request.app.state.runtime
                request.state.actor = actor = await authenticate(request, runtime.ports.verifier)
                access.check(actor)
                correlation = current_correlation(request)
                if access.writes:
                    try:
                        return await _command(access, runtime, correlation, request, inner, stores=stores)
                    finally:
                        # The fingerprint reads an upload before FastAPI, and FastAPI closes only forms that it has read
                        # itself.
                        await request.close()
                async with runtime.reading(actor=actor, correlation=correlation) as work:
                    request.state.work = work
                    answer = _tagged(await inner(request), request)
                return await answer.fetched(runtime.ports.files) if isinstance(answer, FileAnswer) else answer

            return handle

    return Guarded


async def _command(
    access: Access,
    runtime: Runtime,
    correlation: Correlation,
    request: Request,
    inner: Callable[[Request], Awaitable[Response]],
    *,
    stores: Upload | None,
) -> Response:
    actor: Actor = request.state.actor
    for field in ("if-none-match", "if-unmodified-since", *(() if access.checks_version else ("if-match",))):
        if field in request.headers:
            raise PreconditionUnsupported(field=field.title())
    if stores and not is_form(request):
        raise UnsupportedMediaType(expected="multipart/form-data")
    keys = request.headers.getlist("idempotency-key")
    if len(keys) > 1:
        raise IdempotencyKeyRequired
    key = keys[0] if keys else None
    if access.method == "POST" and not (key and KEY.fullmatch(key)):
        raise IdempotencyKeyRequired
    scope = f"{actor.client}:{actor.sub} {access.method} {access.path}"
    attempt = Attempt(scope, key, await fingerprint(request)) if key else None
    content = await sent_file(request, stores) if stores else None
    async with AsyncExitStack() as stack:
        upload = None
        if stores and content is not None:
            upload = await stack.enter_async_context(taken_in(runtime, actor, content, limit=stores.limit))
        request.state.stored = upload.file if upload else None
        if attempt:
            await stack.enter_async_context(claimed(runtime, attempt))
        for _ in range(MOST_TRIES - 1):
            try:
                return await _tried(runtime, correlation, request, inner, access=access, attempt=attempt, upload=upload)
            except LostRace as lost:
                _log.info("race lost, trying again", code=lost.code, operation=access.operation)
        return await _tried(runtime, correlation, request, inner, access=access, attempt=attempt, upload=upload)


async def _tried(
    runtime: Runtime,
    correlation: Correlation,
    request: Request,
    inner: Callable[[Request], Awaitable[Response]],
    *,
    access: Access,
    attempt: Attempt | None,
    upload: TakenIn | None,
) -> Response:
    """Run the command in one transaction; nothing of it remains when it raises LostRace."""
    # A command acts in the roles that its route admits: no other role of the actor widens what it loads.
    actor: Actor = request.state.actor.acting_as(access.allow)
    async with runtime.transaction(actor=actor, correlation=correlation) as work:
        replayed = await replay(work, attempt) if attempt else None
        if replayed is not None:
            return replayed
        request.state.work = work
        response = _tagged(await inner(request), request)
        await work.write()
        if response.status_code < 300:  # noqa: PLR2004 -- only a 2xx has an effect
            if upload:
                await upload.keep(work)
            if attempt:
                await remember(work, attempt, response)
        return response


def _tagged(response: Response, request: Request) -> Response:
    answered: Answered | None = getattr(request.state, "answered", None)
    if answered is None:
        return response
    if answered.location is not None:
        response.headers["Location"] = answered.location
    response.headers["ETag"] = tag = etag(answered.version, bytes(response.body))
    if request.method == "GET" and matches(request, tag):
        return Response(status_code=304, headers={"ETag": response.headers["ETag"]})
    return response
