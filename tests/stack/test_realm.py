"""The realm for Keycloak says of the demo's clients what the development issuer says of them."""

from typing import Any

from embedded.demo.people import load_demo
from stack.servers.realm import realm


def of(document: dict[str, Any], kind: str, key: str, name: str) -> dict[str, Any]:
    (found,) = (one for one in document[kind] if one[key] == name)
    assert isinstance(found, dict)
    return found


def test_a_client_is_a_service_account_with_its_roles_organisation_area_audience_and_type_of_token() -> None:
    document = realm(load_demo())
    client = of(document, "clients", "clientId", "county-lixia")
    account = of(document, "users", "serviceAccountClientId", "county-lixia")
    claims = {one["config"].get("claim.name", one["name"]): one for one in client["protocolMappers"]}

    assert client["secret"] == "demo-county-lixia-52aa"
    assert (client["serviceAccountsEnabled"], client["publicClient"], client["standardFlowEnabled"]) == (
        True,
        False,
        False,
    )
    assert client["attributes"] == {"access.token.header.type.rfc9068": "true"}
    assert sorted(claims) == ["audience", "division", "org", "roles"]
    assert claims["audience"]["config"]["included.custom.audience"] == "mingpai"
    assert claims["org"]["config"]["claim.value"] == "AG-370102"
    assert claims["division"]["config"]["claim.value"] == "370102"
    assert claims["roles"]["config"]["multivalued"] == "true"
    assert {one["config"]["access.token.claim"] for one in claims.values()} == {"true"}
    assert (account["username"], account["realmRoles"]) == ("service-account-county-lixia", ["recommender"])


def test_every_client_of_the_demo_is_there_and_every_role_that_one_has() -> None:
    document: Any = realm(load_demo())
    roles = {role["name"] for role in document["roles"]["realm"]}

    assert [one["clientId"] for one in document["clients"]] == [client.id for client in load_demo().clients]
    assert {role for account in document["users"] for role in account["realmRoles"]} <= roles
    assert roles == {
        "applicant",
        "recommender",
        "recognition_officer",
        "expert",
        "observer",
        "office",
        "department",
        "partner",
        "administrator",
    }
