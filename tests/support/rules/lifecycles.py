"""The house rules over lifecycles and events, as functions of the tables themselves: each returns its violations."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from importlib import import_module
from pkgutil import walk_packages
from typing import Final, NamedTuple

from common.kernel.actor import PUBLIC, Role
from common.kernel.event import Event
from common.kernel.lifecycle import ByClock, Lifecycle, OnDeskOf, Stands, Through, states_of
from common.web.router import Router

SHORTEST_REASON = 10


class Table(NamedTuple):
    """A noun's lifecycle and the service that it belongs to."""

    service: str
    module: str
    lifecycle: Lifecycle


def tables(services: Iterable[str]) -> Iterator[Table]:
    """Yield every lifecycle that a service's nouns have."""
    for service in services:
        package = import_module(f"{service}_service")
        for found in walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.endswith(".lifecycle"):
                module = import_module(found.name)
                yield from (Table(service, found.name, v) for v in vars(module).values() if isinstance(v, Lifecycle))


def unpublished_moves(found: Iterable[Table], events: Mapping[str, type[Event]]) -> list[str]:
    """Every move names an event of its own service's contract, or says in words why it has none."""
    known = set(events.values())
    problems = []
    for table in found:
        for move in table.lifecycle.moves:
            where = f"{table.module}: {move.action}"
            if move.event is None:
                if len((move.internal or "").strip()) < SHORTEST_REASON:
                    problems.append(f"{where}: {move.internal!r} is no reason to publish nothing")
            elif move.event not in known:
                problems.append(f"{where}: {move.event.__name__} is in no contract")
            elif move.event.service != table.service:
                problems.append(f"{where}: {move.event.__name__} belongs to {move.event.service}")
    return problems


def events_never_published(found: Iterable[Table], events: Mapping[str, type[Event]]) -> list[str]:
    """Every event of the contracts is published by some move."""
    published = {event for table in found for event in table.lifecycle.events}
    return sorted(f"{event.__name__} is published by no move" for event in set(events.values()) - published)


HIDDEN: Final = {("programmes", "propose")}
"""Moves into a state that the public does not see: a programme's proposal is shown to the office only."""


def unseen_changes(routers: Iterable[Router]) -> list[str]:
    """A noun that everybody may read has no move without an event: a subscriber could not follow what is shown."""
    return [
        f"{router.noun}: {move.action} changes what everybody reads, and publishes nothing"
        for router in routers
        if router.lifecycle is not None
        and any(access.method == "GET" and access.allow == PUBLIC for access in router.access)
        for move in router.lifecycle.moves
        if move.event is None and (router.noun, move.action) not in HIDDEN
    ]


def states_that_wait_in_vain(found: Iterable[Table], routers: Iterable[Router]) -> list[str]:
    """Every state that is not final says what it waits for, and what it names can take it further.

    A desk: each of its roles has a route to a move that leaves the state. Another noun: somebody has a route to it, or
    it has states that wait for a desk or the clock. The clock: the rows have the column, and a move leaves the state.
    What stands says why, and a move that leaves what waits for another noun or the clock is in its table.
    """
    found, routers = list(found), list(routers)
    acting = {
        noun
        for noun, lifecycle in ((_noun(table), table.lifecycle) for table in found)
        if any(isinstance(each, OnDeskOf | ByClock) for each in lifecycle.waits.values())
    } | {router.noun for router in routers for row in router.access if row.method == "POST" and row.allow}
    problems = []
    for table in found:
        lifecycle = table.lifecycle
        for state in states_of(lifecycle):
            if state in lifecycle.final:
                continue
            where, waits = f"{table.module}: {state}", lifecycle.waits.get(state)
            if isinstance(waits, Through | ByClock) and not _leaving(lifecycle, state):
                problems.append(f"{where} is left by no move")
            match waits:
                case None:
                    problems.append(f"{where} does not say what it waits for")
                case OnDeskOf(roles=roles):
                    can = _roles_that_leave(lifecycle, state, routers)
                    problems += [f"{where} waits for {role}, who has no route" for role in sorted(roles - can)]
                case Through(noun=noun) if noun not in acting:
                    problems.append(f"{where} waits through {noun}, where nobody acts")
                case ByClock(column=column) if column not in _columns(lifecycle, routers):
                    problems.append(f"{where} waits for {column}, which its rows do not have")
                case Stands(why=why) if len(why.strip()) < SHORTEST_REASON:
                    problems.append(f"{where}: {why!r} is no reason to stand")
    return problems


def states_that_stand(found: Iterable[Table]) -> set[str]:
    """Return the states in which nobody has to act, each as `noun: state`."""
    return {
        f"{_noun(table)}: {state}"
        for table in found
        for state, waits in table.lifecycle.waits.items()
        if isinstance(waits, Stands)
    }


def _leaving(lifecycle: Lifecycle, state: StrEnum) -> set[str]:
    """Return the moves that lead from a state to another one."""
    moves = (move for move in lifecycle.moves if move.starts_from(state))
    return {move.action for move in moves if move.target not in {None, state}}


def _roles_that_leave(lifecycle: Lifecycle, state: StrEnum, routers: Iterable[Router]) -> set[Role]:
    leaving = _leaving(lifecycle, state)
    own = [router for router in routers if router.lifecycle is lifecycle]
    rows = [row for router in own for row in router.access if leaving & set(row.actions)]
    steps = [row for router in own for action, row in router.steps.items() if action in leaving]
    return {role for row in (*rows, *steps) for role in row.allow}


def _columns(lifecycle: Lifecycle, routers: Iterable[Router]) -> set[str]:
    stores = [router.store for router in routers if router.lifecycle is lifecycle]
    return {column.name for store in stores if store is not None for column in store.model.__table__.columns}


def _noun(table: Table) -> str:
    return table.module.split(".")[-2]


def states_without_way(found: Iterable[Table]) -> list[str]:
    """Every state can be reached; where anything can be asked, a state that nothing follows names its refusal."""
    problems = []
    for table in found:
        reached = {move.target for move in table.lifecycle.moves}
        asked = any(move.sources is not None for move in table.lifecycle.moves)
        for state in states_of(table.lifecycle):
            if state not in reached:
                problems.append(f"{table.module}: no move leads to {state}")
            if asked and not table.lifecycle.allowed(state) and state not in table.lifecycle.final:
                problems.append(f"{table.module}: nothing follows {state}, and no refusal says so")
    return problems
