from typing import Any

from common.codes.uscc import is_valid
from common.web.access.origins import SHOWN
from common.web.audit import PATH as AUDIT
from common.web.documents.openapi import operations
from embedded.origin.documents import combined
from embedded.origin.parts import SERVICES
from registry_service.register.brands.numbers import is_well_formed


def test_every_path_of_every_service_is_in_the_combined_document(documents: dict[str, dict[str, Any]]) -> None:
    own = [path for document in documents.values() for path in document["paths"] if path.startswith("/v1/")]
    assert list(combined(documents)["paths"]) == list(dict.fromkeys(own))
    assert {path for path in own if own.count(path) > 1} == {AUDIT}


def test_every_reference_of_the_combined_document_leads_to_a_component(documents: dict[str, dict[str, Any]]) -> None:
    whole = combined(documents)
    for reference in references(whole):
        _, _, kind, name = reference.split("/")
        assert name in whole["components"][kind], reference


def test_every_path_belongs_to_a_noun_that_the_service_owns(documents: dict[str, dict[str, Any]]) -> None:
    for service in SERVICES:
        assert {path.split("/")[2] for path in documents[service.name]["paths"]} <= {*service.nouns, "audit"}


def test_every_parameter_is_explained_and_every_example_is_one_of_ours(documents: dict[str, dict[str, Any]]) -> None:
    whole = combined(documents)
    unexplained = [
        (path, parameter["name"])
        for _, path, operation in operations(whole)
        for parameter in operation.get("parameters", [])
        if "$ref" not in parameter and "description" not in parameter
    ]
    assert unexplained == []
    unknown = {name for _, _, operation in operations(whole) for name in named(operation, "示例")}
    assert unknown == set(), "give the name an example in common/web/documents/examples.py"
    brand = whole["paths"]["/v1/brands/{number}"]["get"]["responses"]["200"]["content"]["application/json"]["example"]
    assert is_well_formed(brand["number"])
    assert is_valid(brand["uscc"])


def test_every_list_takes_several_states(documents: dict[str, dict[str, Any]]) -> None:
    asked = {
        path: parameter["schema"].get("type")
        for _, path, operation in operations(combined(documents))
        for parameter in operation.get("parameters", [])
        if parameter.get("name") in {"state", "status"}
    }
    assert len(asked) > 5
    assert {path: kind for path, kind in asked.items() if kind != "array"} == {}


def test_a_front_end_of_another_origin_may_read_every_header_of_an_answer(
    documents: dict[str, dict[str, Any]],
) -> None:
    of_files = {"Content-Disposition"}
    assert set(SHOWN) == combined(documents)["components"]["headers"].keys() | of_files


def named(node: object, value: object, name: str = "") -> set[str]:
    """Return the names of a value in a document."""
    if isinstance(node, dict):
        return set().union(*(named(one, value, key) for key, one in node.items()))
    if isinstance(node, list):
        return set().union(*(named(one, value, name) for one in node))
    return {name} if node == value else set()


def references(node: object) -> set[str]:
    if isinstance(node, dict):
        here = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return here.union(*map(references, node.values()))
    return set().union(*map(references, node)) if isinstance(node, list) else set()
