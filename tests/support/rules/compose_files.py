"""Compose files as the engine reads them: merge keys, one file over another with `!reset`, and variables filled in."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[3]
Document = dict[str, Any]

_RESET: Final = object()
_REPLACED: Final = frozenset({"command", "entrypoint", "test", "tmpfs"})
"""Lists that another file replaces; all others are appended."""
_VARIABLE: Final = re.compile(r"\$\{(?P<name>[A-Z_]+)(?:(?P<how>:-|:\?)(?P<text>[^}]*))?\}")


class _Loader(yaml.SafeLoader):
    pass


_Loader.add_constructor("!reset", lambda _loader, _node: _RESET)


def parsed(text: str) -> Document:
    """Return the file as it is written, merge keys resolved; what it resets is left out."""
    found = _without_resets(_resetting(text))
    assert isinstance(found, dict)
    return found


def merged(*texts: str) -> Document:
    """Return the files one over another."""
    document: Any = {}
    for text in texts:
        document = _over(document, _resetting(text), key="")
    found = _without_resets(document)
    assert isinstance(found, dict)
    return found


def filled(text: object, given: Mapping[str, str]) -> str:
    """Return a value with its variables filled in. Raises KeyError with the message of a variable that is demanded."""

    def fill(match: re.Match[str]) -> str:
        value = given.get(match["name"], "")
        if match["how"] == ":?" and not value:
            raise KeyError(match["name"])
        return value or (match["text"] if match["how"] == ":-" else "")

    return _VARIABLE.sub(fill, str(text))


def variables(text: str) -> dict[str, str]:
    """Return how each variable is asked for: `:-`, `:?` or nothing."""
    return {match["name"]: match["how"] or "" for match in _VARIABLE.finditer(text)}


def _resetting(text: str) -> Any:  # noqa: ANN401 -- whatever YAML holds
    return yaml.load(text, _Loader)  # noqa: S506 -- a safe loader with one tag more


def _over(below: Any, above: Any, *, key: str) -> Any:  # noqa: ANN401 -- as above
    if isinstance(below, dict) and isinstance(above, dict):
        return {k: _over(below.get(k), above[k], key=k) if k in above else below[k] for k in {**below, **above}}
    if isinstance(below, list) and isinstance(above, list) and key not in _REPLACED:
        return [*below, *above]
    return above


def _without_resets(value: Any) -> Any:  # noqa: ANN401 -- as above
    if isinstance(value, dict):
        return {key: _without_resets(one) for key, one in value.items() if one is not _RESET}
    return value
