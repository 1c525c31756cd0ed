import hashlib
import json
import unicodedata

import rfc8785

from common.contracts.applications.programmes import ProgrammePublished
from support.casts.applying import (
    ADMINISTRATOR,
    HONOUR,
    OFFICE,
    OTHER_OFFICE,
    PERIOD,
    RULES,
    last_audit,
    publish,
    publish_definition,
)
from support.casts.programmes import definition
from support.service.alone import Alone


async def test_a_published_programme_is_read_by_everybody_and_published_whole(service: Alone) -> None:
    proposed = (await service.send("POST", "/v1/programmes", {"definition": definition(HONOUR)}, who=OFFICE)).json()
    path = f"/v1/programmes/{proposed['id']}"
    hidden = await service.send("GET", path)
    own = await service.send("POST", f"{path}/publications", who=OFFICE)

    published = await service.send("POST", f"{path}/publications", who=OTHER_OFFICE)

    assert (proposed["state"], proposed["edition"], proposed["published_at"]) == ("proposed", None, None)
    assert [each["field"] for each in proposed["not_yet"]] == [
        "renewal", "mark", "change_report", "rectification", "sell_through"
    ]  # fmt: skip
    assert (hidden.status_code, hidden.json()["code"]) == (404, "programme-not-found")
    assert (own.status_code, own.json()["code"]) == (403, "published-by-another-person")
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
    (event,) = await service.published()
    assert (event["type"], event["key"]) == (ProgrammePublished.type_name(), seen["id"])
    assert (event["data"]["digest"], event["data"]["definition"]) == (RULES.digest, RULES.definition)
    assert await last_audit(service) == ("person-2", "publish", seen["id"], "proposed", "published", None)


async def test_everybody_reads_a_published_edition_in_words_with_the_source_of_each_rule(on_sqlite: Alone) -> None:
    path = f"/v1/programmes/{(await publish(on_sqlite))['id']}/rules"

    answer = await on_sqlite.send("GET", path)

    assert answer.status_code == 200
    articles = answer.json()["articles"]
    first, *_, last = articles
    assert first == {
        "chapter": "basis",
        "zh": "山东名牌产品",
        "en": "Shandong Famous Product",
        "source": None,
        "in_force": True,
    }
    assert (last["chapter"], last["in_force"]) == ("exit", False)
    (term,) = [each for each in articles if each["zh"].startswith("补正期限")]
    assert term["en"] == "Term, supplement: 5 working days, reminder 1 days before its end, then: remind."
    assert term["source"] == "default: within five working days is usual practice"
    waiting = [each["zh"].partition("：")[0] for each in articles if not each["in_force"]]
    assert waiting[:3] == ["变更备案期限", "整改期限", "复评"]


async def test_an_outsider_recomputes_the_digest_from_what_the_event_publishes(on_sqlite: Alone) -> None:
    decomposed = unicodedata.normalize("NFD", "Café für Qualität")
    given, normalised = definition(HONOUR), definition(HONOUR)
    given["identity"]["name"]["en"] = decomposed
    normalised["identity"]["name"]["en"] = unicodedata.normalize("NFC", decomposed)

    published = await publish_definition(on_sqlite, given)

    payloads = [row["payload"] for row in await on_sqlite.rows("outbox") if row["topic"].endswith(".public.v1")]
    (event,) = map(json.loads, payloads)
    recomputed = f"sha256:{hashlib.sha256(rfc8785.dumps(event['definition'])).hexdigest()}"
    assert event["digest"] == published["digest"] == recomputed
    assert event["definition"] == published["definition"] == normalised
    (row,) = await on_sqlite.rows("programmes")
    assert (row["digest"], row["definition"]) == (recomputed, event["definition"])


async def test_a_changed_definition_is_the_next_edition_and_the_list_shows_the_newest_first(service: Alone) -> None:
    first = await publish(service)
    service.legal.move(days=1)
    changed = definition(HONOUR)
    changed["quota"]["total"] = 250

    second = await publish_definition(service, changed)

    assert second["edition"] == 2
    assert second["digest"] != first["digest"]
    listed = (await service.send("GET", f"/v1/programmes?honour={HONOUR}")).json()["items"]
    assert [one["edition"] for one in listed] == [2, 1]
    assert [row["edition"] for row in await service.rows("programmes")] == [1, 2]


async def test_the_same_definition_is_published_once(service: Alone) -> None:
    await publish(service)

    again = await service.send("POST", "/v1/programmes", {"definition": definition(HONOUR)}, who=OFFICE)

    assert (again.status_code, again.json()["code"]) == (409, "programme-unchanged")
    assert len(await service.rows("programmes")) == 1
    assert len(await service.published()) == 1


async def test_two_honours_never_number_their_brands_alike(service: Alone) -> None:
    await publish(service)
    other = definition("SERVICE_BRAND")
    other["title"]["number_pattern"] = RULES.title.number_pattern

    refused = await service.send("POST", "/v1/programmes", {"definition": other}, who=OFFICE)

    assert (refused.status_code, refused.json()["code"]) == (409, "number-pattern-taken")
    assert [row["honour"] for row in await service.rows("programmes")] == [HONOUR]


async def test_a_definition_that_contradicts_the_schema_names_the_field_and_leaves_nothing(on_sqlite: Alone) -> None:
    spoilt = definition(HONOUR)
    spoilt["quota"]["total"] = 0

    refused = await on_sqlite.send("POST", "/v1/programmes", {"definition": spoilt}, who=OFFICE)

    assert (refused.status_code, refused.json()["code"]) == (422, "programme-invalid")
    assert "/quota/total" in refused.text
    assert await on_sqlite.rows("programmes") == []
    assert await on_sqlite.published() == []


async def test_only_the_office_proposes_and_no_round_opens_under_a_proposal(on_sqlite: Alone) -> None:
    body = {"definition": definition(HONOUR)}

    by_administrator = await on_sqlite.send("POST", "/v1/programmes", body, who=ADMINISTRATOR)
    by_nobody = await on_sqlite.send("POST", "/v1/programmes", body)

    assert (by_administrator.status_code, by_administrator.json()["code"]) == (403, "role-missing")
    assert (by_nobody.status_code, by_nobody.json()["code"]) == (401, "unauthenticated")
    assert await on_sqlite.rows("programmes") == []
    proposed = (await on_sqlite.send("POST", "/v1/programmes", body, who=OFFICE)).json()
    opened = await on_sqlite.send(
        "POST", "/v1/rounds", {"programme_id": proposed["id"], "year": 2015, **PERIOD}, who=OFFICE
    )
    assert (opened.status_code, opened.json()["code"]) == (404, "programme-not-found")
    assert (await on_sqlite.send("GET", "/v1/programmes")).json()["items"] == []


async def test_an_unknown_programme_is_not_found(on_sqlite: Alone) -> None:
    unknown = await on_sqlite.send("GET", "/v1/programmes/prg_none")

    assert (unknown.status_code, unknown.json()["code"]) == (404, "programme-not-found")
