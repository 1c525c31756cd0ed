"""Several OpenAPI documents as one: every path once, components shared where they agree and renamed where not."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_REF: Final = re.compile(r'"#/components/([^/"]+)/([^/"]+)"')
_API: Final = "/v1/"
Component = tuple[str, str]


def combined(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the document of all services; only paths under /v1 are taken.

    A component of one name that says different things in two services becomes one per service, named after it. Raises
    ValueError when two services have the same path or operation id.
    """
    renamed = _differing(documents)
    whole: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Mingpai 名牌", "version": _version(documents)},
        "servers": [{"url": "/"}],
        "paths": {},
        "components": {},
    }
    tags: dict[str, Any] = {}
    for service, original in documents.items():
        document = _with_names(original, renamed, service)
        for path, item in document.get("paths", {}).items():
            if not path.startswith(_API):
                continue
            if path in whole["paths"]:
                raise ValueError(f"{path} is in two documents, one of them {service}'s")
            whole["paths"][path] = item
        for kind, entries in document.get("components", {}).items():
            whole["components"].setdefault(kind, {}).update(entries)
        tags |= {tag["name"]: tag for tag in document.get("tags", [])}
    if tags:
        whole["tags"] = list(tags.values())
    _check_operations(whole["paths"])
    return whole


def _version(documents: Mapping[str, Mapping[str, Any]]) -> str:
    return max((document["info"]["version"] for document in documents.values()), default="0")


def _components(document: Mapping[str, Any]) -> Iterator[tuple[Component, Any]]:
    for kind, entries in document.get("components", {}).items():
        for name, content in entries.items():
            yield (kind, name), content


def _differing(documents: Mapping[str, Mapping[str, Any]]) -> set[Component]:
    """Find the names that mean different things, directly or by what they refer to."""
    texts: dict[Component, set[str]] = {}
    owners: dict[Component, int] = {}
    for document in documents.values():
        for component, content in _components(document):
            texts.setdefault(component, set()).add(json.dumps(content, sort_keys=True))
            owners[component] = owners.get(component, 0) + 1
    differing = {component for component, said in texts.items() if len(said) > 1}
    shared = {component for component, count in owners.items() if count > 1}
    refers = {component: set(_REF.findall("".join(texts[component]))) for component in shared}
    while more := {component for component in shared - differing if refers[component] & differing}:
        differing |= more
    return differing


def _with_names(document: Mapping[str, Any], renamed: set[Component], service: str) -> dict[str, Any]:
    def new(component: Component) -> str:
        return service.title() + component[1] if component in renamed else component[1]

    text = _REF.sub(
        lambda found: f'"#/components/{found[1]}/{new((found[1], found[2]))}"', json.dumps(document, ensure_ascii=False)
    )
    copy: dict[str, Any] = json.loads(text)
    copy["components"] = {
        kind: {new((kind, name)): content for name, content in entries.items()}
        for kind, entries in copy.get("components", {}).items()
    }
    return copy


def _check_operations(paths: Mapping[str, Mapping[str, Any]]) -> None:
    seen: dict[str, str] = {}
    for path, item in paths.items():
        for operation in item.values():
            name = operation.get("operationId") if isinstance(operation, dict) else None
            if name in seen:
                raise ValueError(f"operation id {name} is used by {seen[name]} and {path}")
            if name:
                seen[name] = path
