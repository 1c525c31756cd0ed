"""A reader of an event finds its schema at the address that the event names, and the content obeys it."""

from pathlib import Path
from typing import Any

import jsonschema_rs

from embedded.demo.people import load_demo
from embedded.journey import core_path, stages
from embedded.journey.player import Player
from support.service.platform import platform_on, sqlite_databases
from support.service.waiting import eventually

ORIGIN = "https://mingpai.example.org"


async def test_every_event_names_the_address_of_the_schema_that_it_obeys(tmp_path: Path) -> None:
    settings = {"MINGPAI_URL": f"{ORIGIN}/"}
    async with platform_on(sqlite_databases(tmp_path), tmp_path, raising=True, settings=settings) as platform:
        player = Player(platform.client, load_demo(), story="schemas", report=lambda _: None)
        await stages.set_up_province(player)
        await core_path.play_honour(player, core_path.CAST[0])
        found: dict[str, dict[str, Any]] = {}

        async def revoked() -> bool:
            headers = await platform.headers("observer")
            page = (await platform.client.get("/v1/events?limit=200", headers=headers)).raise_for_status().json()
            found.update({one["id"]: one for one in page["items"]})
            return any("BrandRevoked" in one["type"] for one in found.values())

        await eventually(revoked)
        for event in found.values():
            address = event["dataschema"]
            assert address.startswith(f"{ORIGIN}/schemas/"), event["type"]
            schema = (await platform.client.get(address.removeprefix(ORIGIN))).raise_for_status().json()
            assert (schema["$id"], schema["title"]) == (address, event["type"])
            jsonschema_rs.validator_for(schema, validate_formats=True).validate(event["data"])
    assert len({event["type"] for event in found.values()}) > 12
