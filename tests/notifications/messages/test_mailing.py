import asyncio
from contextlib import ExitStack
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import update

from common.contracts.notifications.messages import MessageDelivered, MessageFailed
from common.settings import Settings
from notifications_service.letters.messages.letter import Letter
from notifications_service.letters.messages.mailing import Mailer, sender, smtp
from notifications_service.letters.messages.model import Message
from notifications_service.service import SERVICE
from support.casts.casenews import EMAIL, FIRM, known_case, rejected, returned, submitted
from support.casts.reviewing import ADMINISTRATOR, audited
from support.service.alone import Alone, alone
from support.service.disks import no_room
from support.service.mailsink import Send, Sink, mail_sink
from support.service.smtpscript import smtp_script

OTHER = {"org": "FIRM-2", "name": "李", "email": "li@two.example"}


async def state(service: Alone) -> tuple[object, ...]:
    (row,) = await service.rows("messages")
    return row["state"], row["attempts"], row["reason"]


async def test_a_mail_reaches_the_contact_whole_and_its_delivery_is_published(
    service: Alone, sink: Sink, send: Send
) -> None:
    event_id = await service.deliver(submitted())

    assert await send() == 1

    (row,) = await service.rows("messages")
    (mail,) = sink.mails
    assert sink.recipients == [EMAIL]
    assert (mail["To"], mail["Subject"]) == (EMAIL, "申报已收到：SQ-1 / Application received")
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == (f"<{row['id']}@notifications.mingpai>", "auto-generated")
    assert mail.get_content().replace("\r\n", "\n") == row["body"]
    (published,) = await service.published(MessageDelivered)
    assert published["data"] == {
        "message_id": row["id"],
        "event_id": event_id,
        "org": FIRM,
        "message_key": f"<{row['id']}@notifications.mingpai>",
    }
    assert await audited(service, row["id"]) == [
        ("system", "queue", None, "queued"),
        ("system", "claim", "queued", "sending"),
        ("system", "deliver", "sending", "delivered"),
    ]
    assert await send() == 0
    assert len(sink.mails) == 1
    assert EMAIL not in str(await service.rows("outbox"))


async def test_a_temporary_refusal_is_retried_later_under_the_same_message_id(
    service: Alone, sink: Sink, send: Send
) -> None:
    await service.deliver(submitted())
    sink.to_recipient = "450 try later"

    await send()

    assert await state(service) == ("queued", 1, "recipient-later-450")
    assert await send() == 0
    sink.to_recipient = None
    service.system.move(seconds=4)
    assert await send() == 1
    assert (await state(service))[:2] == ("delivered", 2)
    (row,) = await service.rows("messages")
    assert [mail["Message-ID"] for mail in sink.mails] == [f"<{row['id']}@notifications.mingpai>"]


@pytest.mark.parametrize(("recipient", "content", "reason"), [
    ("550 no such mailbox", None, "recipient-refused-550"),
    (None, "552 5.2.2 mailbox full", "recipient-refused-5.2.2"),
])  # fmt: skip
async def test_a_permanent_refusal_ends_undeliverable_and_is_published(
    service: Alone, sink: Sink, send: Send, *, recipient: str | None, content: str | None, reason: str
) -> None:
    await service.deliver(submitted())
    sink.to_recipient, sink.to_content = recipient, content

    await send()

    assert await state(service) == ("undeliverable", 1, reason)
    (published,) = await service.published(MessageFailed)
    assert (published["data"]["reason"], published["data"]["org"]) == (reason, FIRM)
    assert EMAIL not in str(published)


async def readiness(service: Alone) -> dict[str, object]:
    answer: dict[str, object] = (await service.client.get("/readyz")).json()
    return answer


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL"])
async def test_what_the_mail_server_refuses_us_is_reported_and_retried_until_it_is_repaired(
    service: Alone, stage: str
) -> None:
    await service.deliver(submitted())
    async with smtp_script({stage: "554 5.7.1 not from you"}) as server:
        job = sender(lambda settings: smtp(settings.model_copy(update={"smtp_port": server.port})))
        for _ in range(40):
            assert await job(service.runtime) == 1
            assert await job(service.runtime) == 0  # it does not press a server that refuses every mail
            service.system.move(hours=6)

        state_name, attempts, reason = await state(service)
        assert (state_name, attempts) == ("queued", 0)
        assert await readiness(service) == {"status": "degraded", "reason": f"mail-server: 1 waiting, {reason}"}
        assert REGISTRY.get_sample_value("mingpai_mails_refused_by_server") == 1
        assert await service.published(MessageFailed) == []

        server.replies.clear()
        assert await job(service.runtime) == 1
        assert await job(service.runtime) == 0
        assert len(server.taken) == 1

    assert (await state(service))[:2] == ("delivered", 1)
    assert await readiness(service) == {"status": "ready"}
    assert REGISTRY.get_sample_value("mingpai_mails_refused_by_server") == 0


async def test_a_mail_that_alone_is_refused_as_ours_delays_no_other(service: Alone) -> None:
    await known_case(service, application_id="app_2", applicant=OTHER["org"])
    await service.deliver(submitted())
    async with smtp_script({".": "552 5.3.4 too large"}) as server:
        job = sender(lambda settings: smtp(settings.model_copy(update={"smtp_port": server.port})))
        await job(service.runtime)
        assert await state(service) == ("queued", 0, "mail-server-end-of-data-5.3.4")

        server.replies.clear()
        await service.send("POST", "/v1/contacts", OTHER, who=ADMINISTRATOR)
        await service.deliver(returned(application_id="app_2", applicant=OTHER["org"]))

        assert await job(service.runtime) == 1
        assert {row["org"]: row["state"] for row in await service.rows("messages")} == {
            FIRM: "queued", OTHER["org"]: "delivered",
        }  # fmt: skip
        service.system.move(minutes=15)
        assert await job(service.runtime) == 1
    assert {row["state"] for row in await service.rows("messages")} == {"delivered"}


async def test_an_address_that_needs_smtputf8_is_final_and_named_without_it_and_delivered_with_it(
    service: Alone,
) -> None:
    await service.deliver(submitted(email="张三@例子.中国"))
    async with mail_sink() as plain:
        await sender(lambda settings: smtp(settings.model_copy(update={"smtp_port": plain.port})))(service.runtime)
    assert await state(service) == ("undeliverable", 1, "recipient-needs-smtputf8")
    (published,) = await service.published(MessageFailed)
    assert published["data"]["reason"] == "recipient-needs-smtputf8"

    (row,) = await service.rows("messages")
    await service.send("POST", f"/v1/messages/{row['id']}/redeliveries", who=ADMINISTRATOR)
    async with mail_sink(smtputf8=True) as able:
        await sender(lambda settings: smtp(settings.model_copy(update={"smtp_port": able.port})))(service.runtime)
    assert able.recipients == ["张三@xn--fsqu00a.xn--fiqs8s"]


async def test_a_sender_that_died_is_replaced_when_its_lease_has_run_out(
    service: Alone, sink: Sink, send: Send
) -> None:
    await service.deliver(submitted())

    class Killed(BaseException):
        pass

    def deadly(_settings: Settings) -> Mailer:
        async def die(letter: Letter) -> None:
            raise Killed(letter.recipient)

        return die

    with pytest.raises(Killed):
        await sender(deadly)(service.runtime)

    assert (await state(service))[:2] == ("sending", 1)
    service.system.move(seconds=59)
    assert await send() == 0
    service.system.move(seconds=1)
    assert await send() == 1
    assert (await state(service))[:2] == ("delivered", 2)
    assert len(sink.mails) == 1


async def test_a_database_that_is_away_when_the_mail_has_gone_out_does_not_send_it_twice(
    tmp_path: Path, sink: Sink
) -> None:
    async with alone(SERVICE, f"sqlite:///{tmp_path / 'service.db'}", tmp_path) as service:
        await service.deliver(submitted())
        away = ExitStack()

        def going_away(settings: Settings) -> Mailer:
            send = smtp(settings.model_copy(update={"smtp_port": sink.port}))

            async def deliver(letter: Letter) -> None:
                assert await send(letter) is None
                away.enter_context(no_room())
                asyncio.get_running_loop().call_later(0.3, away.close)

            return deliver

        assert await sender(going_away)(service.runtime) == 1

        assert (await state(service))[:2] == ("delivered", 1)
        assert len(sink.mails) == 1


async def test_a_mail_waits_for_a_contact_and_goes_out_when_one_is_named(
    service: Alone, sink: Sink, send: Send
) -> None:
    await known_case(service)
    await service.deliver(rejected())
    assert await send() == 0
    assert (await state(service))[0] == "awaiting_contact"

    body = {"org": FIRM, "name": "王", "email": "late@applicant.example"}
    await service.send("POST", "/v1/contacts", body, who=ADMINISTRATOR)

    assert await send() == 1
    assert sink.recipients == ["late@applicant.example"]
    (row,) = await service.rows("messages")
    assert [action for _, action, _, _ in await audited(service, row["id"])] == [
        "await_contact", "address", "claim", "deliver",
    ]  # fmt: skip


async def test_after_thirty_days_without_a_contact_a_mail_is_given_up(service: Alone, send: Send) -> None:
    await known_case(service)
    await service.deliver(rejected())

    service.system.move(days=30, seconds=-1)
    await send()
    assert (await state(service))[0] == "awaiting_contact"
    service.system.move(seconds=1)
    await send()

    assert await state(service) == ("undeliverable", 0, "no-contact-named")
    assert [published["data"]["reason"] for published in await service.published(MessageFailed)] == ["no-contact-named"]


async def test_a_stored_address_that_is_none_is_given_up_and_delays_no_other(
    service: Alone, sink: Sink, send: Send
) -> None:
    await known_case(service, application_id="app_2", applicant=OTHER["org"])
    await service.deliver(submitted())
    async with service.runtime.storage.database.write() as connection:
        await connection.execute(update(Message).values(email="broken\n@applicant.example"))
        await connection.commit()
    await service.send("POST", "/v1/contacts", OTHER, who=ADMINISTRATOR)
    await service.deliver(returned(application_id="app_2", applicant=OTHER["org"]))

    assert await send() == 2

    states = {row["org"]: (row["state"], row["reason"]) for row in await service.rows("messages")}
    assert states == {FIRM: ("undeliverable", "recipient-address-not-valid"), OTHER["org"]: ("delivered", None)}
    assert sink.recipients == [OTHER["email"]]


async def test_what_is_claimed_together_is_sent_together_so_that_no_mail_outlives_its_lease(service: Alone) -> None:
    for number in range(3):
        await service.deliver(submitted(email=f"{number}@applicant.example"))
    met = asyncio.Barrier(3)

    def meeting(_settings: Settings) -> Mailer:
        async def meet(_letter: Letter) -> None:
            async with asyncio.timeout(10):
                await met.wait()

        return meet

    assert await sender(meeting)(service.runtime) == 3

    assert {row["state"] for row in await service.rows("messages")} == {"delivered"}
