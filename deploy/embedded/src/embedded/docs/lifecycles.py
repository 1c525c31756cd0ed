"""docs/lifecycles/<service>.md: per noun a picture of its states, the table of its moves, and its final states."""

from collections.abc import Iterator
from types import ModuleType
from typing import Final

from common.codes.vocabulary.words import ACTIONS, NOUNS, STATES, Words
from common.kernel.lifecycle import ByClock, Lifecycle, Move, OnDeskOf, Stands, Through, Waits, states_of
from common.service import Service
from embedded.docs.markdown import code, table
from embedded.docs.sources import modules, source_link

_INTRODUCTION: Final = """\
# Lifecycles: {service}

Generated from the code by `make docs`; change the noun's `lifecycle.py`, not this page. The Chinese names are those of
the vocabulary ([actions.yaml](../../libs/common/src/common/codes/vocabulary/actions.yaml),
[states.yaml](../../libs/common/src/common/codes/vocabulary/states.yaml)).

A row is one move (动作): from which states it is allowed, its target state, and the event that it publishes, or why it
publishes none. *Route* is the route that makes it. A move without a route is made by a command of another noun, by a
reaction or by a job, or it is the second outcome of a command that has two. An action that is not possible in a
state is refused as `action-not-allowed`; a final state has a refusal of its own. Every other state waits for somebody's
desk, for the clock, or for a move of another noun, so that nothing that lives is stuck.
"""
_NONE: Final = "–"


def lifecycles_page(service: Service) -> str:
    """Return the page of one service."""
    return "\n".join([_INTRODUCTION.format(service=service.name), *_service(service)])


def _service(service: Service) -> Iterator[str]:
    for module in modules(service.package):
        lifecycle = getattr(module, "LIFECYCLE", None)
        if module.__name__.endswith(".lifecycle") and isinstance(lifecycle, Lifecycle):
            yield from _noun(service, module, lifecycle)


def _noun(service: Service, module: ModuleType, lifecycle: Lifecycle) -> Iterator[str]:
    noun = module.__name__.split(".")[-2]
    term = NOUNS.find(noun, "nouns")
    yield f"## {noun}"
    yield ""
    yield f"{'' if term is None else term.zh + ': '}{_one_line(module)} Defined in {source_link(module.__name__)}."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from _states(noun, lifecycle)
    yield from _edges(noun, lifecycle)
    yield "```"
    yield ""
    asked_by = _routes(service, noun)
    yield from table(
        ("Action", "From", "To", "Event", "Route"), (_row(noun, move, asked_by) for move in lifecycle.moves)
    )
    if lifecycle.waits:
        yield from table(
            ("State", "Waits for"),
            ((_named(STATES, noun, state), _awaited(waits)) for state, waits in lifecycle.waits.items()),
        )
    if lifecycle.final:
        yield from table(
            ("Final state", "Every action is refused as", "中文", "English"),
            (
                (_named(STATES, noun, state), code(refusal.code), refusal.zh, refusal.en)
                for state, refusal in lifecycle.final.items()
            ),
        )


def _awaited(waits: Waits) -> str:
    """Return in words what a state waits for."""
    match waits:
        case OnDeskOf(roles=roles):
            return f"the desk of {' or '.join(code(role) for role in sorted(roles))}"
        case ByClock(column=column):
            return f"the clock: {code(column)}"
        case Through(noun=noun):
            return f"a move of {code(noun)}"
        case Stands(why=why):
            return f"nothing: {why}"


def _one_line(module: ModuleType) -> str:
    return " ".join((module.__doc__ or "").partition("\n\n")[0].split())


def _states(noun: str, lifecycle: Lifecycle) -> Iterator[str]:
    """Yield each state under its code and its Chinese name."""
    for state in states_of(lifecycle):
        term = STATES.find(state, noun)
        yield f'    state "{state if term is None else f"{state} {term.zh}"}" as {state}'


def _named(words: Words, noun: str, name: str) -> str:
    """Return a code with its Chinese name after it."""
    term = words.find(name, noun)
    return code(name) if term is None else f"{code(name)} {term.zh}"


def _edges(noun: str, lifecycle: Lifecycle) -> Iterator[str]:
    """Yield one arrow per pair of states, with all its actions."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in lifecycle.moves:
        for source in _sources(move):
            target = source if move.target is None else str(move.target)
            arrows.setdefault((source, target), []).append(_arrow(noun, move.action))
    for (source, target), actions in arrows.items():
        yield f"    {source} --> {target} : {', '.join(actions)}"
    for state in states_of(lifecycle):
        if state in lifecycle.final or not lifecycle.allowed(state):
            yield f"    {state} --> [*]"


def _arrow(noun: str, action: str) -> str:
    term = ACTIONS.find(action, noun)
    return action if term is None else f"{action} {term.zh}"


def _sources(move: Move) -> list[str]:
    if move.sources is None:
        return ["[*]"]
    return [str(state) for state in (move.sources if isinstance(move.sources, tuple) else (move.sources,))]


def _row(noun: str, move: Move, asked_by: dict[str, str]) -> tuple[str, ...]:
    before = "(birth)" if move.sources is None else ", ".join(_named(STATES, noun, one) for one in _sources(move))
    after = "stays" if move.target is None else _named(STATES, noun, move.target)
    event = code(move.event.__name__) if move.event is not None else f"no event: {move.internal}"
    return _named(ACTIONS, noun, move.action), before, after, event, asked_by.get(move.action, _NONE)


def _routes(service: Service, noun: str) -> dict[str, str]:
    """Return the routes of a noun by the action that they make."""
    found: dict[str, list[str]] = {}
    for router in service.routers:
        if router.noun == noun:
            for row in router.access:
                for action in row.actions:
                    found.setdefault(action, []).append(code(f"{row.method} {row.path}"))
    return {action: ", ".join(routes) for action, routes in found.items()}
