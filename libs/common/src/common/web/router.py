"""The only way to make a route: who may call it stands where it is declared, and its transaction is opened here.

A command authorises, reads the body strictly, opens the transaction, replays or stores the idempotent answer and
commits before the first byte leaves. A query reads in a transaction that cannot write. FastAPI's own validation,
dependencies and OpenAPI stay as they are.
"""

import functools
import re
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from string import Formatter
from typing import Annotated, Any, Final, TypeAlias, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel
from starlette.routing import Match
from starlette.types import Scope

from common.actor import ANONYMOUS, Actor, Role
from common.correlation import Correlation
from common.errors import Refused
from common.lifecycle import Lifecycle
from common.runtime import Runtime
from common.storage.work import Work as UnitOfWork
from common.web.auth import authenticate
from common.web.correlation import current_correlation
from common.web.etag import etag, matches, required_version
from common.web.files import FileAnswer, take_upload
from common.web.idempotency import Attempt, claimed, fingerprint, remember, replay
from common.web.refusals import IdempotencyKeyRequired, RoleMissing, Unauthenticated
from common.web.strict import Resource, StrictRequest, StrictRoute

CREATED: Final = 201
KEY: Final = re.compile(r"[!-~]{1,255}")
PUBLIC: Final[frozenset[Role]] = frozenset()
ANYONE: Final[frozenset[Role]] = frozenset(Role)

Endpoint = TypeVar("Endpoint", bound=Callable[..., Awaitable[Any]])


class Stateful(Resource):
    """A resource that has states: each answer says what this actor may do next."""

    state: str
    allowed_actions: list[str] = []  # noqa: RUF012 -- pydantic copies a default


Shown = TypeVar("Shown", bound=Stateful)


async def _current_work(request: Request) -> UnitOfWork:  # async: FastAPI hands a plain one to a thread
    work: UnitOfWork = request.state.work
    return work


Work: TypeAlias = Annotated[UnitOfWork, Depends(_current_work)]


IfMatch: TypeAlias = Annotated[int | None, Depends(required_version)]


@dataclass(frozen=True, slots=True)
class Access:
    """One route's row in the table of who may do what."""

    method: str
    path: str
    allow: frozenset[Role]
    actions: tuple[str, ...]

    @property
    def writes(self) -> bool:
        """Tell whether the route changes anything."""
        return self.method != "GET"

    def check(self, actor: Actor) -> None:
        """Raise Unauthenticated or RoleMissing unless the actor may call the route."""
        if self.allow == PUBLIC or self.allow & actor.roles:
            return
        if actor is ANONYMOUS:
            raise Unauthenticated
        raise RoleMissing(roles=", ".join(sorted(self.allow)))


class NounRoutes(APIRouter):
    """The routes of one noun, tried one by one only for a path that begins with their prefix."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say at once that a path of another noun is none of these."""
        if scope["path"].removeprefix(scope.get("root_path", "")).startswith(self.prefix):
            return super().matches(scope)
        return Match.NONE, {}


class Router:
    """The routes of one noun under `/v1/<noun>`, with the access table that goes with them."""

    def __init__(self, noun: str, *, lifecycle: Lifecycle | None = None) -> None:
        self.noun = noun
        self.lifecycle = lifecycle
        self.access: list[Access] = []
        self.routes = NounRoutes(prefix=f"/v1/{noun}", tags=[noun])

    def command(
        self,
        path: str = "",
        *,
        allow: Collection[str],
        action: str | tuple[str, ...] = (),
        method: str = "POST",
        status: int = CREATED,
        location: str | None = None,
        stores: str | None = None,
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare a route that changes something.

        `action` names the lifecycle's move (or moves, where the body decides), so that `allowed_actions` can be told
        from the same roles. A POST needs an Idempotency-Key, another method an If-Match. A 201 points to the noun's own
        resource, or to `location` filled from the answer's members. `stores` names the part of a form whose file is in
        the store (`Uploaded`) before the transaction begins: none waits for a store, and a file that is then refused
        lies there under its digest, named by nobody.
        """
        where = location or f"/v1/{self.noun}/{{id}}"
        return self._declare(
            path,
            allow=allow,
            action=action,
            method=method,
            status=status,
            location=where if status == CREATED else None,
            stores=stores,
        )

    def query(
        self,
        path: str = "",
        *,
        allow: Collection[str],
        answers: type[BaseModel] | None = None,
        media_types: Collection[str] = (),
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare a route that only reads.

        `answers` describes what an endpoint writes as bytes of its own, `media_types` names those of a file.
        """
        return self._declare(
            path, allow=allow, action=(), method="GET", status=200, answers=answers, media_types=media_types
        )

    def shown(self, model: type[Shown], source: object, actor: Actor, *, but: Iterable[str] = ()) -> Shown:
        """Show a row or an aggregate to an actor, with what he may do next."""
        view = model.model_validate(source)
        return view.model_copy(update={"allowed_actions": self.allowed_actions(view.state, actor, but=but)})

    def allowed_actions(self, state: str, actor: Actor, *, but: Iterable[str] = ()) -> list[str]:
        """Return what this actor may do next: the lifecycle's moves whose route admits one of his roles, without `but`.

        `but` are the moves that the row itself withholds from him, such as approving his own proposal.
        """
        if self.lifecycle is None:
            return []
        withheld = set(but)
        moves = dict.fromkeys(move.action for move in self.lifecycle.moves if move.starts_from(state))
        return [action for action in self._open_to(actor, moves) if action not in withheld]

    def _open_to(self, actor: Actor, actions: Iterable[str]) -> list[str]:
        """Return those of the actions for which a route of this noun admits one of the actor's roles."""
        roles = {action: row.allow for row in self.access for action in row.actions}
        return [action for action in actions if roles.get(action, PUBLIC) & actor.roles]

    def _declare(
        self,
        path: str,
        *,
        allow: Collection[str],
        action: str | tuple[str, ...],
        method: str,
        status: int,
        location: str | None = None,
        stores: str | None = None,
        answers: type[BaseModel] | None = None,
        media_types: Collection[str] = (),
    ) -> Callable[[Endpoint], Endpoint]:
        actions = (action,) if isinstance(action, str) else action
        access = Access(method, f"/v1/{self.noun}{path}", frozenset(map(Role, allow)), actions)
        self.access.append(access)

        def declare(endpoint: Endpoint) -> Endpoint:
            @functools.wraps(endpoint)
            async def answer(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 -- FastAPI reads the endpoint's own
                try:
                    result = await endpoint(*args, **kwargs)
                except Refused as refused:
                    refused.allowed_actions = tuple(self._open_to(kwargs["work"].actor, refused.allowed_actions))
                    raise
                if isinstance(result, Resource):
                    kwargs["work"].etag = result.version
                    kwargs["work"].location = location and _filled(location, result)
                return result

            options: dict[str, Any] = {} if answers is None else {"response_model": answers}
            if media_types:
                file = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}, "example": "…"}
                options["responses"] = {status: {"content": dict.fromkeys(sorted(media_types), file)}}
                options["response_class"] = Response
            self.routes.add_api_route(
                path,
                answer,
                methods=[method],
                status_code=status,
                operation_id=endpoint.__name__.rstrip("_"),
                summary=(endpoint.__doc__ or "").partition("\n")[0],
                route_class_override=guarded(access, stores=stores),
                openapi_extra=_described(access),
                **options,
            )
            return endpoint

        return declare


def _filled(location: str, result: Resource) -> str:
    """Return the address of what was made; a member of any script stands in it percent-encoded."""
    names = [name for _, name, _, _ in Formatter().parse(location) if name]
    return location.format_map({name: quote(str(getattr(result, name)), safe="") for name in names})


def guarded(access: Access, *, stores: str | None = None) -> type[StrictRoute]:
    """Return the route class that surrounds an endpoint with authorisation and its unit of work."""

    class Guarded(StrictRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            inner = super().get_route_handler()

            async def handle(request: Request) -> Response:
                request = StrictRequest(request.scope, request.receive)
                runtime: Runtime = request.app.state.runtime
                request.state.actor = actor = await authenticate(request, runtime.verifier)
                access.check(actor)
                correlation = current_correlation(request)
                if access.writes:
                    try:
                        return await _command(access, runtime, correlation, request, inner, stores=stores)
                    finally:
                        # The fingerprint reads an upload before FastAPI does, which closes only what it read itself.
                        await request.close()
                async with runtime.reading(actor=actor, correlation=correlation) as work:
                    request.state.work = work
                    answer = _tagged(await inner(request), work, request)
                return await answer.fetched(runtime.files) if isinstance(answer, FileAnswer) else answer

            return handle

    return Guarded


async def _command(
    access: Access,
    runtime: Runtime,
    correlation: Correlation,
    request: Request,
    inner: Callable[[Request], Awaitable[Response]],
    *,
    stores: str | None,
) -> Response:
    actor: Actor = request.state.actor
    key = request.headers.get("idempotency-key")
    if access.method == "POST" and not (key and KEY.fullmatch(key)):
        raise IdempotencyKeyRequired
    scope = f"{actor.client}:{actor.sub} {access.method} {access.path}"
    attempt = Attempt(scope, key, await fingerprint(request)) if key else None
    if stores is not None:
        request.state.stored = await take_upload(request, stores, runtime.files)
    held = claimed(runtime, attempt) if attempt else nullcontext()
    async with held, runtime.transaction(actor=actor, correlation=correlation) as work:
        replayed = await replay(runtime, work, attempt) if attempt else None
        if replayed is not None:
            return replayed
        request.state.work = work
        response = _tagged(await inner(request), work, request)
        await work.write()
        if attempt and response.status_code < 300:  # noqa: PLR2004 -- only a 2xx is an effect
            await remember(work, attempt, response)
        return response


def _tagged(response: Response, work: UnitOfWork, request: Request) -> Response:
    if work.location is not None:
        response.headers["Location"] = work.location
    if work.etag is not None:
        response.headers["ETag"] = etag(work.etag)
        if request.method == "GET" and matches(request, work.etag):
            return Response(status_code=304, headers={"ETag": response.headers["ETag"]})
    return response


def _described(access: Access) -> dict[str, Any]:
    """Tell in OpenAPI which roles a route admits."""
    roles = sorted(role.value for role in access.allow) or ["everyone"]
    security: list[dict[str, list[str]]] = [] if access.allow == PUBLIC else [{"bearer": []}]
    return {"x-roles": roles, "security": security}
