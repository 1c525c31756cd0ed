from support.casts.casenews import EMAIL, FIRM, known_case, rejected, submitted
from support.casts.reviewing import ADMINISTRATOR, APPLICANT, EVERYBODY, OFFICER, RECOMMENDER
from support.service.alone import Alone


async def test_a_message_is_seen_by_its_organisation_and_the_administrator_without_the_address(
    on_sqlite: Alone,
) -> None:
    event_id = await on_sqlite.deliver(submitted())
    (row,) = await on_sqlite.rows("messages")
    path = f"/v1/messages/{row['id']}"

    read = await on_sqlite.send("GET", path, who=APPLICANT)

    assert read.status_code == 200
    assert read.headers["ETag"].startswith(f'"{row["version"]}-')
    assert read.json() == {
        "id": row["id"],
        "version": row["version"],
        "event_id": event_id,
        "event_type": "ApplicationSubmitted",
        "org": FIRM,
        "subject": row["subject"],
        "body": row["body"],
        "state": "queued",
        "attempts": 0,
        "created_at": "2015-10-08T01:00:00Z",
        "delivered_at": None,
        "reason": None,
        "allowed_actions": [],
        "actions": [],
    }
    for who in EVERYBODY:
        one, listed = [await on_sqlite.send("GET", where, who=who) for where in (path, "/v1/messages")]
        assert EMAIL not in one.text + listed.text
        mine = who in {APPLICANT, ADMINISTRATOR}
        assert (one.status_code, len(listed.json()["items"])) == ((200, 1) if mine else (404, 0))
    assert (await on_sqlite.send("GET", path)).status_code == 401
    missing = await on_sqlite.send("GET", "/v1/messages/msg_none", who=ADMINISTRATOR)
    assert (missing.status_code, missing.json()["code"]) == (404, "message-not-found")


async def test_messages_are_filtered_by_organisation_and_state(service: Alone) -> None:
    await known_case(service)
    await service.deliver(rejected())
    await service.deliver(submitted())

    async def found(query: str, *, who: str = ADMINISTRATOR) -> list[str]:
        answer = await service.send("GET", f"/v1/messages?{query}", who=who)
        return sorted(one["event_type"] for one in answer.json()["items"])

    both = ["ApplicationRejected", "ApplicationSubmitted"]
    assert await found("") == both
    assert await found(f"org={FIRM}") == both
    assert await found(f"org={FIRM}", who=OFFICER) == []
    assert await found("org=SD-370102", who=RECOMMENDER) == []
    assert await found("state=queued") == ["ApplicationSubmitted"]
    assert await found("state=queued&state=awaiting_contact") == both
    assert (await service.send("GET", "/v1/messages?state=lost", who=ADMINISTRATOR)).status_code == 422
