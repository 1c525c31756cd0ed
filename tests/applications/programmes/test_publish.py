import hashlib
import json
import unicodedata

import rfc8785

from common.contracts.applications import ProgrammePublished
from support.applying import ADMINISTRATOR, HONOUR, OFFICE, RULES, last_audit, publish
from support.programmes import definition
from support.service import Alone


async def test_a_published_programme_is_read_by_everybody_and_told_whole(service: Alone) -> None:
    published = await service.send("POST", "/v1/programmes", {"definition": definition(HONOUR)}, who=ADMINISTRATOR)

    assert published.status_code == 201
    seen = published.json()
    assert {name: seen[name] for name in ("honour", "edition", "digest", "name_zh", "name_en", "definition")} == {
        "honour": HONOUR,
        "edition": 1,
        "digest": RULES.digest,
        "name_zh": "山东名牌产品",
        "name_en": "Shandong Famous Product",
        "definition": RULES.definition,
    }
    assert published.headers["Location"] == f"/v1/programmes/{seen['id']}"
    assert (await service.send("GET", published.headers["Location"])).json() == seen
    (event,) = await service.told()
    assert (event["type"], event["key"]) == (ProgrammePublished.type_name(), seen["id"])
    assert (event["data"]["digest"], event["data"]["definition"]) == (RULES.digest, RULES.definition)
    assert await last_audit(service) == ("person-administrator", "publish", seen["id"], None, "published", None)


async def test_an_outsider_recomputes_the_digest_from_what_the_event_publishes(service: Alone) -> None:
    decomposed = unicodedata.normalize("NFD", "Café für Qualität")
    given, normalised = definition(HONOUR), definition(HONOUR)
    given["identity"]["name"]["en"] = decomposed
    normalised["identity"]["name"]["en"] = unicodedata.normalize("NFC", decomposed)

    published = await service.send("POST", "/v1/programmes", {"definition": given}, who=ADMINISTRATOR)

    told = [row["payload"] for row in await service.rows("outbox") if row["topic"].endswith(".public.v1")]
    (event,) = map(json.loads, told)
    recomputed = f"sha256:{hashlib.sha256(rfc8785.dumps(event['definition'])).hexdigest()}"
    assert event["digest"] == published.json()["digest"] == recomputed
    assert event["definition"] == published.json()["definition"] == normalised
    (row,) = await service.rows("programmes")
    assert (row["digest"], row["definition"]) == (recomputed, event["definition"])


async def test_a_changed_definition_is_the_next_edition_and_the_list_shows_the_newest_first(service: Alone) -> None:
    first = await publish(service)
    service.legal.move(days=1)
    changed = definition(HONOUR)
    changed["quota"]["total"] = 250

    second = await service.send("POST", "/v1/programmes", {"definition": changed}, who=ADMINISTRATOR)

    assert second.json()["edition"] == 2
    assert second.json()["digest"] != first["digest"]
    listed = (await service.send("GET", f"/v1/programmes?honour={HONOUR}")).json()["items"]
    assert [one["edition"] for one in listed] == [2, 1]
    assert [row["edition"] for row in await service.rows("programmes")] == [1, 2]


async def test_the_same_definition_is_published_once(service: Alone) -> None:
    await publish(service)

    again = await service.send("POST", "/v1/programmes", {"definition": definition(HONOUR)}, who=ADMINISTRATOR)

    assert (again.status_code, again.json()["code"]) == (409, "programme-unchanged")
    assert len(await service.rows("programmes")) == 1
    assert len(await service.told()) == 1


async def test_a_definition_that_contradicts_the_schema_names_the_field_and_leaves_nothing(service: Alone) -> None:
    spoilt = definition(HONOUR)
    spoilt["quota"]["total"] = 0

    refused = await service.send("POST", "/v1/programmes", {"definition": spoilt}, who=ADMINISTRATOR)

    assert (refused.status_code, refused.json()["code"]) == (422, "programme-invalid")
    assert "/quota/total" in refused.text
    assert await service.rows("programmes") == []
    assert await service.told() == []


async def test_only_an_administrator_publishes(service: Alone) -> None:
    body = {"definition": definition(HONOUR)}

    by_office = await service.send("POST", "/v1/programmes", body, who=OFFICE)
    by_nobody = await service.send("POST", "/v1/programmes", body)

    assert (by_office.status_code, by_office.json()["code"]) == (403, "role-missing")
    assert (by_nobody.status_code, by_nobody.json()["code"]) == (401, "unauthenticated")
    assert await service.rows("programmes") == []


async def test_an_unknown_programme_is_not_found(service: Alone) -> None:
    unknown = await service.send("GET", "/v1/programmes/prg_none")

    assert (unknown.status_code, unknown.json()["code"]) == (404, "programme-not-found")
