import asyncio
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path

import pytest

from common.contracts.notifications import MessageDelivered, MessageFailed
from common.settings import Settings
from notifications_service.messages.mailing import Mailer, sender, smtp
from notifications_service.service import SERVICE
from support.casenews import EMAIL, FIRM, rejected, returned, submitted
from support.disks import no_room
from support.mailsink import Send, Sink
from support.reviewing import ADMINISTRATOR, audited
from support.service import Alone, alone


async def state(service: Alone) -> tuple[object, ...]:
    (row,) = await service.rows("messages")
    return row["state"], row["attempts"], row["reason"]


async def test_a_mail_reaches_the_contact_whole_and_its_delivery_is_told(
    service: Alone, sink: Sink, send: Send
) -> None:
    event_id = await service.tell(submitted())

    assert await send() == 1

    (row,) = await service.rows("messages")
    (mail,) = sink.mails
    assert sink.recipients == [EMAIL]
    assert (mail["To"], mail["Subject"]) == (EMAIL, "申报已收到：SQ-1 / Application received")
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == (f"<{row['id']}@notifications.mingpai>", "auto-generated")
    assert mail.get_content().replace("\r\n", "\n") == row["body"]
    (told,) = await service.told(MessageDelivered)
    assert told["data"] == {
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


async def test_a_passing_refusal_is_tried_again_later_under_the_same_message_id(
    service: Alone, sink: Sink, send: Send
) -> None:
    await service.tell(submitted())
    sink.to_content = "451 try later"

    await send()

    assert await state(service) == ("queued", 1, "smtp-451")
    assert await send() == 0
    sink.to_content = None
    service.system.move(seconds=4)
    assert await send() == 1
    assert (await state(service))[:2] == ("delivered", 2)
    (row,) = await service.rows("messages")
    assert [mail["Message-ID"] for mail in sink.mails] == [f"<{row['id']}@notifications.mingpai>"]


@pytest.mark.parametrize(("recipient", "content", "reason"), [
    ("550 no such mailbox", None, "recipient-refused"),
    (None, "554 not wanted", "smtp-554"),
])  # fmt: skip
async def test_a_lasting_refusal_ends_undeliverable_and_is_told(
    service: Alone, sink: Sink, send: Send, *, recipient: str | None, content: str | None, reason: str
) -> None:
    await service.tell(submitted())
    sink.to_recipient, sink.to_content = recipient, content

    await send()

    assert await state(service) == ("undeliverable", 1, reason)
    (told,) = await service.told(MessageFailed)
    assert (told["data"]["reason"], told["data"]["org"]) == (reason, FIRM)
    assert EMAIL not in str(told)


async def test_without_a_mail_server_a_mail_is_tried_for_three_days_and_then_given_up(service: Alone) -> None:
    await service.tell(submitted())

    def nowhere(settings: Settings) -> Mailer:
        return smtp(settings.model_copy(update={"smtp_port": 1}))

    job = sender(nowhere)
    for _ in range(25):
        assert await job(service.runtime) == 1
        service.system.move(hours=6)

    assert await job(service.runtime) == 0
    assert await state(service) == ("undeliverable", 25, "mail-server-unreachable")
    assert len(await service.told(MessageFailed)) == 1


async def test_a_sender_that_died_is_replaced_when_its_lease_has_run_out(
    service: Alone, sink: Sink, send: Send
) -> None:
    await service.tell(submitted())

    class Killed(BaseException):
        pass

    def deadly(_settings: Settings) -> Mailer:
        async def die(mail: EmailMessage) -> None:
            raise Killed(mail["Message-ID"])

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
        await service.tell(submitted())
        away = ExitStack()

        def going_away(settings: Settings) -> Mailer:
            send = smtp(settings.model_copy(update={"smtp_port": sink.port}))

            async def deliver(mail: EmailMessage) -> None:
                await send(mail)
                away.enter_context(no_room())
                asyncio.get_running_loop().call_later(0.3, away.close)

            return deliver

        assert await sender(going_away)(service.runtime) == 1

        assert (await state(service))[:2] == ("delivered", 1)
        assert len(sink.mails) == 1


async def test_a_mail_waits_for_a_contact_and_goes_out_when_one_is_named(
    service: Alone, sink: Sink, send: Send
) -> None:
    await service.tell(rejected())
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
    await service.tell(rejected())

    service.system.move(days=30, seconds=-1)
    await send()
    assert (await state(service))[0] == "awaiting_contact"
    service.system.move(seconds=1)
    await send()

    assert await state(service) == ("undeliverable", 0, "no-contact-named")
    assert [told["data"]["reason"] for told in await service.told(MessageFailed)] == ["no-contact-named"]


async def test_a_mail_that_cannot_be_written_is_given_up_and_holds_up_no_other(
    service: Alone, sink: Sink, send: Send
) -> None:
    await service.tell(submitted(email="broken\n@applicant.example"))
    await service.send(
        "POST", "/v1/contacts", {"org": "FIRM-2", "name": "李", "email": "li@two.example"}, who=ADMINISTRATOR
    )
    await service.tell(returned(application_id="app_2", applicant="FIRM-2"))

    assert await send() == 2

    states = {row["org"]: (row["state"], row["reason"]) for row in await service.rows("messages")}
    assert states == {FIRM: ("undeliverable", "mail-not-writable"), "FIRM-2": ("delivered", None)}
    assert sink.recipients == ["li@two.example"]


async def test_what_is_claimed_together_is_sent_together_so_that_no_mail_outlives_its_lease(service: Alone) -> None:
    for number in range(3):
        await service.tell(submitted(email=f"{number}@applicant.example"))
    met = asyncio.Barrier(3)

    def meeting(_settings: Settings) -> Mailer:
        async def meet(_mail: EmailMessage) -> None:
            async with asyncio.timeout(10):
                await met.wait()

        return meet

    assert await sender(meeting)(service.runtime) == 3

    assert {row["state"] for row in await service.rows("messages")} == {"delivered"}
