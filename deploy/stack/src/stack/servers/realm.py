"""The realm that Keycloak imports beside the containers: our roles, and the demo's clients as service accounts.

Its tokens contain the same claims as those of the development issuer, except `sub`, which is Keycloak's id of the
account. Each client is one person or system, so its organisation and area are fixed claims.
"""

from collections.abc import Iterator
from typing import Final

from common.kernel.actor import Role
from embedded.demo.people import Client, Demo
from embedded.issuer.tokens import AUDIENCE, LIFE

NAME: Final = "mingpai"
TYPED: Final = "access.token.header.type.rfc9068"
"""The attribute by which Keycloak (26.2 or newer) gives a client's access tokens the type `at+jwt`."""


def realm(demo: Demo) -> dict[str, object]:
    """Return the realm's document."""
    return {
        "realm": NAME,
        "enabled": True,
        "sslRequired": "external",
        "accessTokenLifespan": int(LIFE.total_seconds()),
        "roles": {"realm": [{"name": str(role)} for role in Role]},
        "clients": [_client(client) for client in demo.clients],
        "users": [_account(client) for client in demo.clients],
    }


def _client(client: Client) -> dict[str, object]:
    return {
        "clientId": client.id,
        "name": client.name.en,
        "secret": client.secret.get_secret_value(),
        "protocol": "openid-connect",
        "publicClient": False,
        "standardFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "serviceAccountsEnabled": True,
        "attributes": {TYPED: "true"},
        "protocolMappers": list(_mappers(client)),
    }


def _account(client: Client) -> dict[str, object]:
    return {
        "username": f"service-account-{client.id}",
        "enabled": True,
        "serviceAccountClientId": client.id,
        "realmRoles": [str(role) for role in client.roles],
    }


def _mappers(client: Client) -> Iterator[dict[str, object]]:
    yield _mapper("audience", "oidc-audience-mapper", {"included.custom.audience": AUDIENCE})
    yield _mapper(
        "roles",
        "oidc-usermodel-realm-role-mapper",
        {"claim.name": "roles", "jsonType.label": "String", "multivalued": "true"},
    )
    for claim, value in (("org", client.org), ("division", client.division)):
        fixed = {"claim.name": claim, "claim.value": value, "jsonType.label": "String"}
        yield _mapper(claim, "oidc-hardcoded-claim-mapper", fixed)


def _mapper(name: str, kind: str, config: dict[str, str]) -> dict[str, object]:
    config |= {"access.token.claim": "true", "id.token.claim": "false", "introspection.token.claim": "true"}
    return {"name": name, "protocol": "openid-connect", "protocolMapper": kind, "config": config}
