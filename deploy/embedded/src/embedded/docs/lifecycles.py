"""docs/lifecycles.md: per noun a picture of its states, the table of its moves, and what ends it."""

from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Final

from common.lifecycle import Lifecycle, Move, states_of
from common.service import Service
from embedded.docs.markdown import code, codes, table
from embedded.docs.sources import modules, source_link

_INTRODUCTION: Final = """\
# Lifecycles

Made from the code by `make docs`; change the noun's `lifecycle.py`, not this page.

A row is one move (动作): from which states it may follow, where it leads, and the event that tells it or why none does.
*Asked by* is the route that makes it. A move without one follows from another noun's command, a reaction or a job, or
is chosen by a command that can end in two ways.
What cannot follow is refused as `action-not-allowed`; a final state has a refusal of its own.
"""
_NONE: Final = "–"


def lifecycles_page(services: Sequence[Service]) -> str:
    """Return the page."""
    return "\n".join([_INTRODUCTION, *(line for service in services for line in _service(service))])


def _service(service: Service) -> Iterator[str]:
    yield f"## {service.name}"
    yield ""
    for module in modules(service.package):
        lifecycle = getattr(module, "LIFECYCLE", None)
        if module.__name__.endswith(".lifecycle") and isinstance(lifecycle, Lifecycle):
            yield from _noun(service, module, lifecycle)


def _noun(service: Service, module: ModuleType, lifecycle: Lifecycle) -> Iterator[str]:
    noun = module.__name__.split(".")[-2]
    yield f"### {noun}"
    yield ""
    yield f"{_one_line(module)} Defined in {source_link(module.__name__)}."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from _edges(lifecycle)
    yield "```"
    yield ""
    asked_by = _routes(service, noun)
    yield from table(
        ("Action", "From", "To", "Told by", "Asked by"), (_row(move, asked_by) for move in lifecycle.moves)
    )
    if lifecycle.final:
        yield from table(
            ("Final state", "Anything more is refused as", "Text"),
            ((code(state), code(refusal.code), refusal.en) for state, refusal in lifecycle.final.items()),
        )


def _one_line(module: ModuleType) -> str:
    return " ".join((module.__doc__ or "").partition("\n\n")[0].split())


def _edges(lifecycle: Lifecycle) -> Iterator[str]:
    """Yield one arrow per pair of states, with all its actions."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in lifecycle.moves:
        for source in _sources(move):
            target = source if move.target is None else str(move.target)
            arrows.setdefault((source, target), []).append(move.action)
    for (source, target), actions in arrows.items():
        yield f"    {source} --> {target} : {', '.join(actions)}"
    for state in states_of(lifecycle):
        if not lifecycle.allowed(state):
            yield f"    {state} --> [*]"


def _sources(move: Move) -> list[str]:
    if move.sources is None:
        return ["[*]"]
    return [str(state) for state in (move.sources if isinstance(move.sources, tuple) else (move.sources,))]


def _row(move: Move, asked_by: dict[str, str]) -> tuple[str, ...]:
    before = "(birth)" if move.sources is None else codes(_sources(move))
    after = "stays" if move.target is None else code(move.target)
    told = f"{code(move.event.__name__)}" if move.event is not None else f"no event: {move.internal}"
    return code(move.action), before, after, told, asked_by.get(move.action, _NONE)


def _routes(service: Service, noun: str) -> dict[str, str]:
    """Return the routes of a noun by the action that they make."""
    found: dict[str, list[str]] = {}
    for router in service.routers:
        if router.noun == noun:
            for row in router.access:
                for action in row.actions:
                    found.setdefault(action, []).append(code(f"{row.method} {row.path}"))
    return {action: ", ".join(routes) for action, routes in found.items()}
