"""Calls the platform with the client that openapi-python-client made: URL, client, secret and the code of an agency."""

import json
import sys

import httpx
from mingpai_client import AuthenticatedClient
from mingpai_client.api.agencies import enter_agency, list_agencies, read_agency
from mingpai_client.models import AgencyKind, AgencyView, AgencyViewPage, NewAgency, Problem


def main(url: str, name: str, secret: str, code: str) -> dict[str, object]:
    """Add an agency, find it in the list, read it, and ask for one that does not exist."""
    granted = httpx.post(f"{url}/oauth/token", data={"grant_type": "client_credentials"}, auth=(name, secret))
    client = AuthenticatedClient(base_url=url, token=granted.json()["access_token"])
    body = NewAgency(code=code, kind=AgencyKind.AGENCY_KIND_MEMBER_DEPARTMENT, name="示范成员单位", division="370000")
    created = enter_agency.sync(client=client, body=body, idempotency_key=f"once-{code}")
    listed = list_agencies.sync(
        client=client, kind=[AgencyKind.AGENCY_KIND_CITY, AgencyKind.AGENCY_KIND_MEMBER_DEPARTMENT], limit=200
    )
    read = read_agency.sync(code, client=client)
    refused = read_agency.sync("NOBODY", client=client)
    if not isinstance(created, AgencyView) or not isinstance(read, AgencyView):
        raise TypeError(f"no agencies: {created}, {read}")
    if not isinstance(listed, AgencyViewPage) or not isinstance(refused, Problem):
        raise TypeError(f"no list or no problem: {listed}, {refused}")
    return {
        "created": created.id,
        "listed": [one.id for one in listed.items],
        "read": [read.name, read.kind.value],
        "refused": refused.code,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:]), ensure_ascii=False))
