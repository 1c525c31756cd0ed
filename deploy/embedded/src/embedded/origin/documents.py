"""Merges the OpenAPI documents: every path once, components shared where they agree and renamed where they differ."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from common.codes.vocabulary.words import NOUNS
from common.web.documents.openapi import GUIDE
from common.web.documents.shapes import colliding, put_name

_REF: Final = re.compile(r'"#/components/([^/"]+)/([^/"]+)"')
_API: Final = "/v1/"
Component = tuple[str, str]


def combined(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the document of all services, with the guide and the tags in the order of the work.

    Only paths under /v1 are included. Components of one name that differ between services become one per service, named
    and titled after it. Raises ValueError when two services use one operation id, or describe one path in two ways, or
    have names of which generators would make one type.
    """
    renamed = _differing(documents)
    whole: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Mingpai", "version": _version(documents), "description": GUIDE},
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
            if whole["paths"].get(path, item) != item:
                raise ValueError(f"{path} differs between two documents, one of them {service}'s")
            whole["paths"][path] = item
        for kind, entries in document.get("components", {}).items():
            whole["components"].setdefault(kind, {}).update(entries)
        tags |= {tag["name"]: tag for tag in document.get("tags", [])}
    if tags:
        order = {name: place for place, name in enumerate(NOUNS.section("nouns"))}
        whole["tags"] = sorted(tags.values(), key=lambda tag: order.get(tag["name"], len(order)))
    _check_operations(whole["paths"])
    if wrong := list(colliding(whole["components"].get("schemas", {}), _operation_ids(whole["paths"]))):
        raise ValueError("; ".join(wrong))
    return whole


def _version(documents: Mapping[str, Mapping[str, Any]]) -> str:
    return max((document["info"]["version"] for document in documents.values()), default="0")


def _components(document: Mapping[str, Any]) -> Iterator[tuple[Component, Any]]:
    for kind, entries in document.get("components", {}).items():
        for name, content in entries.items():
            yield (kind, name), content


def _differing(documents: Mapping[str, Mapping[str, Any]]) -> set[Component]:
    """Return the components that differ between services, directly or through components that they refer to."""
    texts: dict[Component, set[str]] = {}
    owners: dict[Component, int] = {}
    for document in documents.values():
        for component, content in _components(document):
            texts.setdefault(component, set()).add(json.dumps(content, sort_keys=True))
            owners[component] = owners.get(component, 0) + 1
    differing = {component for component, versions in texts.items() if len(versions) > 1}
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
    for name, schema in copy["components"].get("schemas", {}).items():
        put_name(name, schema)
    return copy


def _operation_ids(paths: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for item in paths.values():
        yield from (one["operationId"] for one in item.values() if isinstance(one, dict) and "operationId" in one)


def _check_operations(paths: Mapping[str, Mapping[str, Any]]) -> None:
    seen: dict[str, str] = {}
    for path, item in paths.items():
        for name in _operation_ids({path: item}):
            if name in seen:
                raise ValueError(f"operation id {name} is used by {seen[name]} and {path}")
            seen[name] = path
