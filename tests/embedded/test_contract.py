from typing import Any

import pytest

from common.application import create_app
from common.settings import Settings
from embedded.documents import combined
from embedded.parts import SERVICES


@pytest.fixture(scope="module")
def documents() -> dict[str, dict[str, Any]]:
    def never() -> Any:  # noqa: ANN401 -- the document needs no running service
        raise AssertionError

    return {
        service.name: create_app(service, Settings.for_service(service.name, {}), never).openapi()
        for service in SERVICES
    }


def test_every_path_of_every_service_is_in_the_combined_document(documents: dict[str, dict[str, Any]]) -> None:
    own = [path for document in documents.values() for path in document["paths"] if path.startswith("/v1/")]
    assert list(combined(documents)["paths"]) == own


def test_every_reference_of_the_combined_document_leads_to_a_component(documents: dict[str, dict[str, Any]]) -> None:
    whole = combined(documents)
    for reference in references(whole):
        _, _, kind, name = reference.split("/")
        assert name in whole["components"][kind], reference


def test_every_path_belongs_to_a_noun_that_the_service_owns(documents: dict[str, dict[str, Any]]) -> None:
    for service in SERVICES:
        assert {path.split("/")[2] for path in documents[service.name]["paths"]} <= set(service.nouns)


def references(node: object) -> set[str]:
    if isinstance(node, dict):
        here = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return here.union(*map(references, node.values()))
    return set().union(*map(references, node)) if isinstance(node, list) else set()
