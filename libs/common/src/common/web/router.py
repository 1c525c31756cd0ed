"""The only way to make a route: a route declares who may call it, the move that it makes and the view that it shows.

An endpoint calls one command and returns the aggregate, or runs one query and returns its rows; the router makes the
view for the actor. `requests.py` authorises, commits and answers a request. FastAPI's own validation, dependencies and
OpenAPI are not changed.
"""

import functools
import inspect
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence, Set as AbstractSet
from string import Formatter
from typing import Annotated, Any, Final, TypeAlias, TypeVar, get_args
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response, UploadFile
from pydantic import BaseModel
from starlette.routing import Match
from starlette.types import Scope

from common.kernel.actor import Actor, Role
from common.kernel.errors import Lang, Refused
from common.kernel.lifecycle import Lifecycle
from common.storage.store import Store
from common.storage.work import Work as UnitOfWork
from common.web.answers.etag import required_version
from common.web.answers.files import Upload
from common.web.answers.language import preferred
from common.web.answers.pagination import Listed, Page
from common.web.requests import Access, Answered, guarded
from common.web.resources import Resource, Stateful

CREATED: Final = 201
BYTES: Final = "application/octet-stream"
"""The type that stands for any file: some code generators know no other one."""

Endpoint = TypeVar("Endpoint", bound=Callable[..., Awaitable[Any]])
R = TypeVar("R", bound=Resource)


async def _current_work(request: Request) -> UnitOfWork:  # async: FastAPI runs a plain function in a thread
    work: UnitOfWork = request.state.work
    return work


Work: TypeAlias = Annotated[UnitOfWork, Depends(_current_work)]
Closed: TypeAlias = tuple[frozenset[Role], str]
"""The roles that a route admits, and the id of a row that they do not see."""
Offered: TypeAlias = list[tuple[str, Access]]
"""Moves by name, each with a route that makes it."""


IfMatch: TypeAlias = Annotated[int | None, Depends(required_version)]


class NounRoutes(APIRouter):
    """The routes of one noun, tried one by one only for a path that begins with their prefix."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return no match at once for a path of another noun."""
        if scope["path"].removeprefix(scope.get("root_path", "")).startswith(self.prefix):
            return super().matches(scope)
        return Match.NONE, {}


class Router:
    """The routes of one noun under `/v1/<noun>`, with their access table.

    A noun with states has a `lifecycle` and the `store` that its commands load from: a move is offered on the rows
    that the store shows to the roles of the move's route. `key` is the member of a resource that identifies the
    resource in paths. Raises ValueError for a lifecycle without a store, or a store without a lifecycle.
    """

    def __init__(
        self, noun: str, *, lifecycle: Lifecycle | None = None, store: Store[Any] | None = None, key: str = "id"
    ) -> None:
        if (lifecycle is None) != (store is None):
            raise ValueError(f"{noun} needs its lifecycle and its store, or neither")
        self.noun = noun
        self.lifecycle = lifecycle
        self.store = store
        self.access: list[Access] = []
        self.steps: dict[str, Access] = {}
        """Routes of other nouns that make a move of this one, by the move's action."""
        self.routes = NounRoutes(prefix=f"/v1/{noun}", tags=[noun])
        self._key = key

    def command(
        self,
        path: str = "",
        *,
        allow: Collection[str],
        shows: type[Resource],
        of: "Router | None" = None,
        action: str | tuple[str, ...] = (),
        continues: "tuple[Router, str] | None" = None,
        method: str = "POST",
        status: int = CREATED,
        location: str | None = None,
        stores: Upload | None = None,
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare a route that changes something; its endpoint returns the aggregate, `shows` is its view.

        `action` names the lifecycle's move (or moves, where the body decides); `continues` names another noun's move
        that the command makes as well, so that the other noun offers this route as its next step. `of` is the noun
        whose view is shown, if that is another noun. A POST needs an Idempotency-Key, another method an If-Match. A 201
        points to the noun's own resource, or to `location` filled from the view's members. `stores` names the part of a
        form whose file is stored (`Uploaded`) before the transaction begins, so that no transaction waits for the
        store; a file whose command is then refused is removed again (common/uploads).

        Raises ValueError when `action` or `continues` names no move of the lifecycle, or `shows` has no states. The
        endpoint may take no other file than the one that is stored, which alone is judged and counts to the quota.
        """
        actions = (action,) if isinstance(action, str) else action
        self._check_moves(path, actions, shows)
        if continues is not None:
            _check_known(continues[0], continues[1])
        where = location or f"/v1/{self.noun}/{{{self._key}}}"
        return self._declare(
            path,
            allow=allow,
            actions=actions,
            continues=continues,
            method=method,
            status=status,
            location=where if status == CREATED else None,
            stores=stores,
            shows=shows,
            of=of,
        )

    def query(
        self,
        path: str = "",
        *,
        allow: Collection[str],
        shows: type[Resource] | None = None,
        lists: type[Resource] | None = None,
        answers: type[BaseModel] | None = None,
        media_types: Collection[str] = (),
        may_miss: bool = False,
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare a route that only reads.

        `shows` is the view of a single returned row, `lists` the view of each row of a returned page. `answers`
        describes an answer that the endpoint writes as bytes, `media_types` names the types of a file; without these
        the endpoint's return annotation is the answer's model. `may_miss` says that a thing named in the query may be
        unknown (404).
        """
        return self._declare(
            path,
            allow=allow,
            method="GET",
            status=200,
            shows=shows,
            lists=lists,
            answers=answers,
            media_types=media_types,
            may_miss=may_miss,
        )

    async def show(self, model: type[R], sources: Sequence[Any], work: UnitOfWork, actor: Actor, lang: Lang) -> list[R]:
        """Return the views of rows or aggregates for an actor; one with states lists the actor's next actions."""
        closed = await self._closed(sources, work, actor) if issubclass(model, Stateful) else frozenset()
        return [self.shown(model, source, actor, lang, closed=closed) for source in sources]

    def shown(
        self,
        model: type[R],
        source: Any,  # noqa: ANN401 -- a row or an aggregate
        actor: Actor,
        lang: Lang = "zh",
        *,
        closed: AbstractSet[Closed] = frozenset(),
    ) -> R:
        """Return the view of one row or aggregate; routes that are `closed` on it are not offered."""
        view = model.seen_by(source, actor)
        if self.lifecycle is None or self.store is None or not isinstance(view, Stateful):
            return view
        own, steps = self._offered(source, actor, closed)
        key = quote(str(getattr(source, self._key)), safe="")
        return view.model_copy(
            update={
                "allowed_actions": [action for action, _ in own],
                "actions": [access.offer(self.noun, action, key=key, lang=lang) for action, access in (*own, *steps)],
            }
        )

    def _offered(self, row: Any, actor: Actor, closed: AbstractSet[Closed]) -> tuple[Offered, Offered]:  # noqa: ANN401 -- a row or an aggregate
        """Return the moves of a row that an actor may make, by routes of this noun and by those of other nouns."""
        if self.lifecycle is None or self.store is None:
            return [], []
        recused = self.store.model.is_own_case

        def is_open(access: Access) -> bool:
            return (access.allow, row.id) not in closed and not recused(row, actor.acting_as(access.allow))

        moves = self.lifecycle.offered(row, actor)
        own = [(action, access) for action in moves for access in self._open_to(actor, action) if is_open(access)]
        steps = [(action, self.steps[action]) for action in moves if action in self.steps]
        return own, [(action, access) for action, access in steps if access.admits(actor) and is_open(access)]

    async def _closed(self, sources: Sequence[Any], work: UnitOfWork, actor: Actor) -> set[Closed]:
        """Return which routes cannot load which rows: unseen in the route's roles, or withheld by a recusal."""
        if self.store is None:
            return set()
        moving = [access for access in (*self.access, *self.steps.values()) if access.writes and access.admits(actor)]
        acting = {access.allow: actor.acting_as(access.allow) for access in moving}
        asked = {one for one in acting.values() if one is not actor or self.store.withheld is not None}
        ids = [one.id for one in sources]
        opened = {one: await work.open_to(one, self.store, ids) for one in asked}
        return {(allow, key) for allow, one in acting.items() if one in asked for key in ids if key not in opened[one]}

    async def _explain(self, refused: Refused, work: UnitOfWork, actor: Actor) -> None:
        """Have a refusal name the state of the row that the command was about, and what the actor may do instead."""
        row = None if self.store is None else work.loaded(self.store.model)
        if row is None or self.lifecycle is None or refused.current_state is not None:
            refused.allowed_actions = self.allowed(refused.allowed_actions, actor)
            return
        own, _ = self._offered(row, actor, await self._closed([row], work, actor))
        refused.current_state, refused.allowed_actions = str(row.state), tuple(action for action, _ in own)

    def allowed(self, actions: Iterable[str], actor: Actor) -> tuple[str, ...]:
        """Return those of the actions for which a route of this noun admits one of the actor's roles."""
        return tuple(action for action in actions for _ in self._open_to(actor, action))

    def _open_to(self, actor: Actor, action: str) -> Iterable[Access]:
        return (row for row in self.access if action in row.actions and row.allow & actor.roles)

    def _check_moves(self, path: str, actions: tuple[str, ...], shows: type[Resource]) -> None:
        for action in actions:
            _check_known(self, action)
        if actions and not issubclass(shows, Stateful):
            raise ValueError(f"{self.noun}{path} makes a move, yet {shows.__name__} shows no state")

    def _declare(
        self,
        path: str,
        *,
        allow: Collection[str],
        method: str,
        status: int,
        actions: tuple[str, ...] = (),
        continues: "tuple[Router, str] | None" = None,
        location: str | None = None,
        stores: Upload | None = None,
        shows: type[Resource] | None = None,
        of: "Router | None" = None,
        lists: type[Resource] | None = None,
        answers: type[BaseModel] | None = None,
        media_types: Collection[str] = (),
        may_miss: bool = False,
    ) -> Callable[[Endpoint], Endpoint]:
        def declare(endpoint: Endpoint) -> Endpoint:
            summary = (endpoint.__doc__ or "").partition("\n")[0]
            given = inspect.signature(endpoint).parameters
            files = {name for name, one in given.items() if UploadFile in (one.annotation, *get_args(one.annotation))}
            if files != ({stores.part} if stores else set()):
                raise ValueError(f"{endpoint.__name__} takes another file than the one that `stores` names")
            access = Access(
                method=method,
                path=f"/v1/{self.noun}{path}",
                allow=frozenset(map(Role, allow)),
                actions=actions,
                operation=endpoint.__name__,
                checks_version=IfMatch in [one.annotation for one in given.values()],
            )
            self.access.append(access)
            if continues is not None:
                continues[0].steps[continues[1]] = access
            model = answers or shows
            if lists is not None:
                model = Page[lists]  # type: ignore[valid-type]  # made at run time
            options: dict[str, Any] = {} if model is None else {"response_model": model}
            if media_types:
                file = {"schema": {"type": "string", "format": "binary", "contentMediaType": BYTES}, "example": "…"}
                options["responses"] = {status: {"content": dict.fromkeys([*sorted(media_types), BYTES], file)}}
                options["response_class"] = Response
            if may_miss:
                options.setdefault("responses", {})[404] = {"description": "Not found."}
            self.routes.add_api_route(
                path,
                self._answering(endpoint, shows=shows, of=of or self, lists=lists, location=location),
                methods=[method],
                status_code=status,
                operation_id=access.operation,
                summary=summary,
                route_class_override=guarded(access, stores=stores),
                openapi_extra=access.described,
                **options,
            )
            return endpoint

        return declare

    def _answering(
        self,
        endpoint: Endpoint,
        *,
        shows: type[Resource] | None,
        of: "Router",
        lists: type[Resource] | None,
        location: str | None,
    ) -> Callable[..., Awaitable[Any]]:
        """Return an endpoint that makes the result into the view; it receives the request as a further parameter."""

        @functools.wraps(endpoint)
        async def answer(*args: Any, request_: Request, **kwargs: Any) -> Any:  # noqa: ANN401 -- FastAPI reads the endpoint's own
            actor: Actor = request_.state.actor
            work: UnitOfWork = request_.state.work
            try:
                result = await endpoint(*args, **kwargs)
            except Refused as refused:
                await self._explain(refused, work, actor)
                raise
            lang = preferred(request_.headers.get("accept-language", ""))
            if isinstance(result, Listed):
                rows = await self.show(lists, result.rows, work, actor, lang) if lists else []
                return {"items": rows, "next_cursor": result.next_cursor, "total": result.total}
            if shows is None:
                return result
            if request_.method != "GET":
                await work.flush()  # so that the view has the new version
            (view,) = await of.show(shows, [result], work, actor, lang)
            where = None if location is None else _filled(location, view)
            request_.state.answered = Answered(version=view.version, location=where)
            return view

        own = inspect.signature(endpoint)
        asked = inspect.Parameter("request_", inspect.Parameter.KEYWORD_ONLY, annotation=Request)
        answer.__signature__ = own.replace(parameters=[*own.parameters.values(), asked])  # type: ignore[attr-defined]  # what inspect reads
        return answer


def _check_known(router: Router, action: str) -> None:
    """Raise ValueError unless the action is a move of the noun's lifecycle."""
    known = () if router.lifecycle is None else {move.action for move in router.lifecycle.moves}
    if action not in known:
        raise ValueError(f"{action!r} is no move of {router.noun}")


def _filled(location: str, view: Resource) -> str:
    """Return the address of the created resource; members of the view are percent-encoded."""
    names = [name for _, name, _, _ in Formatter().parse(location) if name]
    return location.format_map({name: quote(str(getattr(view, name)), safe="") for name in names})
