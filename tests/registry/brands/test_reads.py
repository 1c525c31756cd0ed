from support.casts.registering import NUMBER, OFFICE, TODAY, USCC, act, bring_to, programme_published, read, register
from support.service.alone import Alone


async def _verified(service: Alone, number: str, on: str = "") -> list[tuple[bool, str]]:
    answer = await service.send("GET", f"/v1/brands/{number}/verification{on and '?on=' + on}")
    assert answer.status_code == 200
    body = answer.json()
    return [(body[name]["answer"], body[name]["code"]) for name in ("genuine", "in_force_now", "in_force_on")]


async def test_everybody_reads_a_brand_in_small_letters_too(service: Alone) -> None:
    await register(service)

    seen = await service.send("GET", f"/v1/brands/{NUMBER.lower()}")

    brand = seen.json()
    assert seen.headers["ETag"].startswith('"1-')
    assert {name: brand[name] for name in ("number", "honour", "year", "uscc", "holder_name", "item", "state")} == {
        "number": NUMBER,
        "honour": "FAMOUS_PRODUCT",
        "year": 2015,
        "uscc": USCC,
        "holder_name": "济南虚泉精密机械有限公司",
        "item": "虚泉牌数控车床",
        "state": "active",
    }
    assert (brand["effective_on"], brand["valid_until"], brand["allowed_actions"]) == (TODAY, "2018-10-07", [])
    unchanged = await service.send("GET", f"/v1/brands/{NUMBER}", If_None_Match=seen.headers["ETag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")


async def test_an_unknown_number_is_not_found(on_sqlite: Alone) -> None:
    for path in ("/v1/brands/SDMP-2015-00001-B", "/v1/brands/SDMP-2015-00001-B/history"):
        unknown = await on_sqlite.send("GET", path)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "brand-not-found")


async def test_the_check_answers_genuine_now_and_then_apart(service: Alone) -> None:
    await register(service)
    service.legal.move(days=30)
    await act(service, "revoke", effective_on="2015-11-01")

    assert await _verified(service, NUMBER) == [(True, "registered"), (False, "revoked"), (False, "revoked")]
    assert (await _verified(service, NUMBER, "2015-10-31"))[2] == (True, "in_force")
    assert (await _verified(service, NUMBER, "2015-11-01"))[2] == (False, "revoked")
    assert (await _verified(service, NUMBER, "2015-10-07"))[2] == (False, "pending_effect")


async def test_a_number_never_given_is_distinguished_from_a_typing_error(on_sqlite: Alone) -> None:
    assert await _verified(on_sqlite, "SDMP-2015-00002-9") == [(False, "unknown")] * 3
    assert await _verified(on_sqlite, "SDMP-2015-00002-8") == [(False, "malformed")] * 3


async def test_a_title_revoked_before_its_first_day_is_never_in_force(service: Alone) -> None:
    await bring_to(service, "pending_effect")
    await act(service, "revoke")
    service.legal.move(days=100)

    assert await _verified(service, NUMBER) == [(True, "registered"), (False, "revoked"), (False, "revoked")]


async def test_history_shows_every_move_the_oldest_first_and_names_no_person(service: Alone) -> None:
    await register(service)
    service.legal.move(days=1)
    await act(service, "warn", effective_on="2015-10-09")

    answer = await service.send("GET", f"/v1/brands/{NUMBER}/history")

    assert answer.json() == {
        "number": NUMBER,
        "items": [
            {
                "action": "register",
                "from_state": None,
                "to_state": "active",
                "effective_on": "2015-10-08",
                "recorded_at": "2015-10-08T01:00:00Z",
                "document_number": "鲁名牌字〔2015〕1号",
                "acting_body": None,
                "grounds": None,
                "grounds_text": None,
                "reason": None,
            },
            {
                "action": "warn",
                "from_state": "active",
                "to_state": "warned",
                "effective_on": "2015-10-09",
                "recorded_at": "2015-10-09T01:00:00Z",
                "document_number": "鲁名牌办〔2015〕warn号",
                "acting_body": "SD-OFFICE",
                "grounds": "mark_misuse",
                "grounds_text": {
                    "zh": "不按规定使用名牌标志，情节较轻。",
                    "en": "The mark was used against the rules in a minor way.",
                },
                "reason": "监督检查发现问题，依据管理办法处理。",
            },
        ],
    }
    kept = [(row["proposed_by"], row["approved_by"]) for row in await service.rows("brand_changes")]
    assert sorted(kept) == [("office-1", "office-2"), ("system", "system")]


async def test_the_register_is_searched_by_every_condition(service: Alone) -> None:
    await register(service)
    await service.deliver(programme_published("SERVICE_BRAND"))
    other = {"applicant": "91370202FAKE0003XH", "applicant_name": "青岛虚帆旅游服务有限公司", "item": "虚帆之旅"}
    await register(service, honour="SERVICE_BRAND", **other)
    await act(service, "revoke")

    async def found(query: str) -> list[str]:
        answer = await service.send("GET", f"/v1/brands?{query}")
        assert answer.status_code == 200
        return [one["item"] for one in answer.json()["items"]]

    lathe, tour = "虚泉牌数控车床", "虚帆之旅"
    assert sorted(await found("")) == sorted([lathe, tour])
    assert await found(f"uscc={USCC.lower()}") == [lathe]
    assert await found("status=active") == [tour]
    assert sorted(await found("status=active&status=revoked")) == sorted([lathe, tour])
    assert await found("honour=SERVICE_BRAND&year=2015") == [tour]
    assert await found("year=2014") == []
    for words in ("虚帆", "xufan", "xfzl", "青岛 虚帆", "0003XH"):
        assert await found(f"q={words}") == [tour]
    assert await found(f"q={NUMBER}") == [lathe]
    assert await found("q=虚帆 济南") == []
    for words in ("虛帆", "青島虛帆旅遊", "虚帆　旅游", "虚·帆・之•旅", "ＸＵＦＡＮ", "0003xh", " 虚帆   青岛 "):
        assert await found(f"q={words}") == [tour], words
    for words in ("虛泉牌數控", "虚泉牌数控車床", "sdmp201500001", "ＳＤＭＰ－２０１５", "SDMP – 2015", "虚泉\u200b牌"):
        assert await found(f"q={words}") == [lathe], words
    for words in ("·", "-", "虚帆 ſ"):
        assert await found(f"q={words}") == [], words
    assert (await read(service, OFFICE))["allowed_actions"] == []
