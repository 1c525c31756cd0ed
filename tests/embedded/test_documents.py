from typing import Any

import pytest

from embedded.origin.documents import combined


def document(
    path: str, schemas: dict[str, Any], *, uses: str = "Problem", operation: str | None = None
) -> dict[str, Any]:
    operation_id = operation or path.strip("/").replace("/", "_")
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{uses}"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "one", "version": "1.2.0"},
        "paths": {
            path: {"get": {"operationId": operation_id, "responses": {"200": {"content": content}}}},
            "/livez": {"get": {"operationId": f"livez_{operation_id}"}},
        },
        "components": {"schemas": schemas},
    }


PROBLEM = {"type": "object", "title": "Problem"}


def reference(whole: dict[str, Any], path: str) -> str:
    found: str = whole["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    return found


def test_what_two_services_say_alike_is_shared() -> None:
    whole = combined(
        {
            "review": document("/v1/draws", {"Problem": PROBLEM}),
            "registry": document("/v1/brands", {"Problem": PROBLEM}),
        }
    )
    assert list(whole["paths"]) == ["/v1/draws", "/v1/brands"]
    assert whole["components"]["schemas"] == {"Problem": PROBLEM}
    assert whole["info"]["version"] == "1.2.0"


def test_what_two_services_say_differently_gets_their_names() -> None:
    one, other = {"type": "object", "title": "Receipt"}, {"type": "string", "title": "Receipt"}
    whole = combined(
        {
            "review": document("/v1/draws", {"Receipt": one}, uses="Receipt"),
            "registry": document("/v1/brands", {"Receipt": other}, uses="Receipt"),
        }
    )
    assert whole["components"]["schemas"] == {
        "ReviewReceipt": one | {"title": "ReviewReceipt"},
        "RegistryReceipt": other | {"title": "RegistryReceipt"},
    }
    assert reference(whole, "/v1/draws") == "#/components/schemas/ReviewReceipt"
    assert reference(whole, "/v1/brands") == "#/components/schemas/RegistryReceipt"


def test_a_component_that_refers_to_a_differing_one_differs_as_well() -> None:
    page = {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}
    whole = combined(
        {
            "review": document("/v1/draws", {"Page": page, "Item": {"type": "string"}}, uses="Page"),
            "registry": document("/v1/brands", {"Page": page, "Item": {"type": "integer"}}, uses="Page"),
        }
    )
    assert whole["components"]["schemas"]["RegistryPage"]["items"] == {"$ref": "#/components/schemas/RegistryItem"}
    assert reference(whole, "/v1/draws") == "#/components/schemas/ReviewPage"
    assert "Page" not in whole["components"]["schemas"]


def test_names_of_which_generators_make_one_type_are_an_error() -> None:
    with pytest.raises(ValueError, match="the operation list_all and the schema ListAllResponse become one type"):
        combined(
            {
                "review": document("/v1/draws", {}, operation="list_all"),
                "registry": document("/v1/brands", {"ListAllResponse": {"type": "object"}}),
            }
        )


def test_a_path_that_two_services_describe_differently_is_an_error() -> None:
    other = document("/v1/brands", {}, operation="list_others")
    with pytest.raises(ValueError, match="/v1/brands differs between two documents"):
        combined({"review": document("/v1/brands", {}), "registry": other})


def test_an_operation_id_of_two_services_is_an_error() -> None:
    with pytest.raises(ValueError, match="operation id list_all is used by"):
        combined(
            {
                "review": document("/v1/draws", {}, operation="list_all"),
                "registry": document("/v1/brands", {}, operation="list_all"),
            }
        )
