"""The house rules over lifecycles and events, as functions of the tables themselves: each returns its violations."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from typing import NamedTuple

from common.contracts.envelope import Event
from common.lifecycle import Lifecycle, states_of

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


def untold_moves(found: Iterable[Table], events: Mapping[str, type[Event]]) -> list[str]:
    """Every move names an event of its own service's contract, or says in words why it has none."""
    known = set(events.values())
    problems = []
    for table in found:
        for move in table.lifecycle.moves:
            where = f"{table.module}: {move.action}"
            if move.event is None:
                if len((move.internal or "").strip()) < SHORTEST_REASON:
                    problems.append(f"{where}: {move.internal!r} is no reason for telling nobody")
            elif move.event not in known:
                problems.append(f"{where}: {move.event.__name__} is in no contract")
            elif move.event.service != table.service:
                problems.append(f"{where}: {move.event.__name__} is {move.event.service}'s to tell")
    return problems


def events_never_told(found: Iterable[Table], events: Mapping[str, type[Event]]) -> list[str]:
    """Every event of the contracts is told by some move: none is promised in vain."""
    told = {event for table in found for event in table.lifecycle.events}
    return sorted(f"{event.__name__} is told by no move" for event in set(events.values()) - told)


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
