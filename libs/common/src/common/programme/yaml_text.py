"""The YAML of definitions: only mappings, lists, texts, whole numbers, true, false and null.

Dates and decimals remain text; repeated keys and anchors are refused, so that the value is exactly as written.
"""

import re
from collections.abc import Hashable
from typing import Any, Final

import yaml

from common.programme.refusals import ProgrammeInvalid

MAX_TEXT: Final = 1024 * 1024
MAX_DEPTH: Final = 64


class _Loader(yaml.SafeLoader):
    """Safe YAML with the scalars of JSON."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 -- PyYAML's own attribute, replaced as a whole

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 -- PyYAML's signature
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:str":
                raise yaml.constructor.ConstructorError(None, None, "a key that is no text", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, "a key that appears twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^null$"), ["n"])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:0|-?[1-9][0-9]{0,15})$"), list("-0123456789"))


def read_yaml(text: str) -> Any:  # noqa: ANN401 -- any JSON value
    """Return the JSON value of a YAML text; raises ProgrammeInvalid with the line of the error."""
    if len(text) > MAX_TEXT:
        raise ProgrammeInvalid(("", f"more than {MAX_TEXT} characters"))
    try:
        _refuse_anchors_and_depth(text)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 -- a SafeLoader with fewer types
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ProgrammeInvalid(("", f"line {line}: {error.problem}")) from error
    except yaml.YAMLError as error:
        raise ProgrammeInvalid(("", "no YAML")) from error


def _refuse_anchors_and_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(problem="anchors and aliases are not used", problem_mark=_mark(event))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem="too deep", problem_mark=_mark(event))


def _mark(event: yaml.Event) -> yaml.error.Mark | None:
    return event.start_mark if isinstance(event.start_mark, yaml.error.Mark) else None
