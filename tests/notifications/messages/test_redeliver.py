"""A mail that was given up is sent again when the administrator says so."""

from typing import Any

from common.contracts.notifications.messages import MessageDelivered, MessageFailed
from support.casts.casenews import EMAIL, FIRM, known_case, rejected, submitted
from support.casts.reviewing import ADMINISTRATOR, APPLICANT, EVERYBODY, audited
from support.service.alone import Alone
from support.service.mailsink import Send, Sink


async def only(service: Alone) -> dict[str, Any]:
    """Return the one message as it is stored."""
    (row,) = await service.rows("messages")
    return row


async def given_up(service: Alone, sink: Sink, send: Send) -> str:
    """Have the mail about a submission refused for good; returns the path of its redeliveries."""
    await service.deliver(submitted())
    sink.to_recipient = "550 no such mailbox"
    await send()
    sink.to_recipient = None
    row = await only(service)
    assert (row["state"], row["attempts"]) == ("undeliverable", 1)
    return f"/v1/messages/{row['id']}/redeliveries"


async def test_a_mail_that_was_given_up_goes_out_again_under_the_same_message_id(
    service: Alone, sink: Sink, send: Send
) -> None:
    path = await given_up(service, sink, send)
    before = await only(service)

    queued = await service.send("POST", path, who=ADMINISTRATOR, If_Match=f'"{before["version"]}"')
    sent = await send()

    assert queued.status_code == 201
    view = queued.json()
    assert (view["state"], view["attempts"], view["reason"], view["allowed_actions"]) == ("queued", 0, None, [])
    assert queued.headers["Location"] == f"/v1/messages/{before['id']}"
    row = await only(service)
    assert (sent, row["state"], row["attempts"]) == (1, "delivered", 1)
    assert [mail["Message-ID"] for mail in sink.mails] == [f"<{before['id']}@notifications.mingpai>"]
    assert sink.recipients == [EMAIL]
    published = await service.published()
    assert [one["type"] for one in published] == [MessageFailed.type_name(), MessageDelivered.type_name()]
    assert (await audited(service, row["id"]))[2:4] == [
        ("system", "give_up", "sending", "undeliverable"),
        ("administrator-1", "redeliver", "undeliverable", "queued"),
    ]


async def test_it_goes_to_whom_the_organisation_names_now(service: Alone, sink: Sink, send: Send) -> None:
    path = await given_up(service, sink, send)
    new = {"org": FIRM, "name": "李联系", "email": "new@applicant.example"}
    await service.send("POST", "/v1/contacts", new, who=APPLICANT)

    await service.send("POST", path, who=ADMINISTRATOR)
    await send()

    assert sink.recipients == ["new@applicant.example"]


async def test_it_is_given_up_again_after_as_many_tries_as_the_first_time(
    service: Alone, sink: Sink, send: Send
) -> None:
    path = await given_up(service, sink, send)
    await service.send("POST", path, who=ADMINISTRATOR)
    sink.to_recipient = "450 try later"

    for _ in range(25):
        assert await send() == 1
        service.system.move(hours=6)

    row = await only(service)
    assert (await send(), row["state"], row["attempts"], row["reason"]) == (
        0,
        "undeliverable",
        25,
        "recipient-later-450",
    )
    assert len(await service.published(MessageFailed)) == 2


async def test_without_anybody_to_write_to_it_stays_given_up(service: Alone, send: Send) -> None:
    await known_case(service)
    await service.deliver(rejected())
    service.system.move(days=31)
    await send()
    row = await only(service)
    assert (row["state"], row["reason"]) == ("undeliverable", "no-contact-named")

    refused = await service.send("POST", f"/v1/messages/{row['id']}/redeliveries", who=ADMINISTRATOR)

    assert (refused.status_code, refused.json()["code"]) == (409, "contact-not-named")
    assert await only(service) == row


async def test_only_what_was_given_up_is_sent_again(service: Alone, send: Send) -> None:
    await service.deliver(submitted())
    path = f"/v1/messages/{(await only(service))['id']}/redeliveries"

    queued = await service.send("POST", path, who=ADMINISTRATOR)
    await send()
    delivered = await service.send("POST", path, who=ADMINISTRATOR)

    assert (queued.status_code, queued.json()["code"]) == (409, "action-not-allowed")
    assert (delivered.status_code, delivered.json()["code"]) == (409, "message-ended")
    assert (await only(service))["state"] == "delivered"


async def test_the_administrator_alone_has_it_sent_again_and_is_offered_it(
    service: Alone, sink: Sink, send: Send
) -> None:
    path = await given_up(service, sink, send)
    before = await only(service)
    resource = path.removesuffix("/redeliveries")

    for who in (one for one in EVERYBODY if one != ADMINISTRATOR):
        refused = await service.send("POST", path, who=who)
        assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")
    stale = await service.send("POST", path, who=ADMINISTRATOR, If_Match='"1"')
    unknown = await service.send("POST", "/v1/messages/msg_none/redeliveries", who=ADMINISTRATOR)

    assert (await service.send("POST", path)).status_code == 401
    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "message-not-found")
    assert await only(service) == before
    for who, offered in ((ADMINISTRATOR, ["redeliver"]), (APPLICANT, [])):
        assert (await service.send("GET", resource, who=who)).json()["allowed_actions"] == offered
