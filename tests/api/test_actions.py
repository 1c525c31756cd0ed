"""What an actor may do next is said the same way wherever a thing is shown, and every offer can be followed."""

import re
from typing import Any

from embedded.demo.people import load_demo
from support.casts.world import settle
from support.service.platform import Platform


async def test_rows_and_single_reads_offer_the_same_and_every_offer_leads_to_an_operation(platform: Platform) -> None:
    await settle(platform)
    operations = await platform.operations()
    templates = {operation["operationId"]: (method, path) for (method, path), operation in operations.items()}
    roles_of = {one.id: set(one.roles) for one in load_demo().clients}

    compared, offered = 0, set()
    for client, path, item in await _shown(platform):
        single = (await platform.client.get(path, headers=await platform.headers(client))).json()
        assert "allowed_actions" in single, (client, path, single)
        assert (path, client, item["allowed_actions"], item["actions"]) == (
            path,
            client,
            single["allowed_actions"],
            single["actions"],
        )
        compared += 1
        assert [each["action"] for each in single["actions"]][: len(single["allowed_actions"])] == single[
            "allowed_actions"
        ]
        for offer in single["actions"]:
            method, template = templates[offer["operation_id"]]
            assert offer["method"] == method
            assert re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), offer["href"]), (path, offer)
            assert roles_of[client] & set(operations[method, template]["x-roles"]), (client, offer)
            assert offer["title"] != offer["action"]
        offered |= {(path.split("/")[2], each["action"]) for each in single["actions"]}
    assert compared > 100
    assert {("applications", "submit"), ("acts", "approve"), ("brands", "revoke"), ("sheets", "fill_in")} <= offered


async def _shown(platform: Platform) -> list[tuple[str, str, dict[str, Any]]]:
    """Read every list as every demo client; returns client, address of the single read and the row that has states."""
    operations = await platform.operations()
    found = []
    for client in load_demo().clients:
        for (method, single), operation in operations.items():
            whole, _, name = single.removesuffix("}").rpartition("/{")
            if method != "GET" or not single.endswith("}") or "{" in whole or ("GET", whole) not in operations:
                continue
            if not {"everyone", *client.roles} & set(operation["x-roles"]):
                continue
            page = (await platform.client.get(whole, headers=await platform.headers(client.id))).json()
            found += [
                (client.id, f"{whole}/{item.get(name) or item['id']}", item)
                for item in page.get("items", [])
                if "allowed_actions" in item
            ]
    return found
