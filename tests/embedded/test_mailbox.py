import asyncio
import errno
import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from itertools import count
from pathlib import Path

import aiosmtplib
import httpx
import pytest
from aiosmtplib import SMTPDataError, SMTPResponseException

from embedded.mailbox import MailStore, SmtpSink, mailbox_app
from support.service.launcher import HandClock, client_of


@pytest.fixture
def store(tmp_path: Path, clock: HandClock) -> MailStore:
    numbers = count(1)
    return MailStore(
        tmp_path / "mail", ids=lambda prefix: f"{prefix}_00000000-0000-7000-8000-{next(numbers):012}", clock=clock
    )


@pytest.fixture
async def sink(store: MailStore) -> AsyncIterator[SmtpSink]:
    async with await SmtpSink.start(store) as running:
        yield running


@pytest.fixture
async def reader(store: MailStore) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(mailbox_app(store)) as client:
        yield client


def mail(
    subject: str = "认定结果", *, to: str = "applicant-1@example.test", message_id: str = "<m-1@x.test>"
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "名牌平台 <mingpai@example.org>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = message_id
    message.set_content("贵公司的申报已通过认定。\n")
    return message


async def send(sink: SmtpSink, message: EmailMessage | bytes, **envelope: str) -> str:
    sender = envelope.get("sender", "mingpai@example.org")
    recipients = [envelope.get("to", "applicant-1@example.test")]
    if isinstance(message, EmailMessage):
        content: EmailMessage | bytes = message
    else:
        content = message
    _, said = await aiosmtplib.send(
        content, sender=sender, recipients=recipients, hostname="127.0.0.1", port=sink.port, start_tls=False
    )
    return said


async def test_a_mail_that_was_accepted_is_on_disk_and_can_be_read(
    sink: SmtpSink, reader: httpx.AsyncClient, tmp_path: Path
) -> None:
    said = await send(sink, mail())
    (file,) = (tmp_path / "mail").iterdir()
    assert file.stem in said
    page = await reader.get(f"/mailbox/{file.stem}")
    assert page.status_code == 200
    assert "贵公司的申报已通过认定。" in page.text
    assert "&lt;m-1@x.test&gt;" in page.text
    listing = await reader.get("/mailbox")
    assert "认定结果" in listing.text
    assert f"/mailbox/{file.stem}" in listing.text


async def test_programs_get_the_list_as_json(sink: SmtpSink, reader: httpx.AsyncClient) -> None:
    await send(sink, mail())
    found = (await reader.get("/mailbox.json")).json()
    assert found == {
        "items": [
            {
                "id": "mail_00000000-0000-7000-8000-000000000001",
                "message_id": "<m-1@x.test>",
                "received_at": "2026-11-23T04:00:00Z",
                "sender": "名牌平台 <mingpai@example.org>",
                "recipients": ["applicant-1@example.test"],
                "subject": "认定结果",
                "copies": 1,
            }
        ],
        "total": 1,
        "distinct": 1,
        "next_before": None,
    }


async def test_a_mail_that_came_twice_is_kept_twice_and_shown_as_such(
    sink: SmtpSink, reader: httpx.AsyncClient
) -> None:
    for message_id in ("<m-1@x.test>", "<m-2@x.test>", "<m-1@x.test>"):
        await send(sink, mail(message_id=message_id))
    found = (await reader.get("/mailbox.json")).json()
    assert (found["total"], found["distinct"]) == (3, 2)
    assert [item["copies"] for item in found["items"]] == [2, 1, 2]
    assert (await reader.get("/mailbox")).text.count("重复 2 封") == 2


async def test_the_mails_are_still_there_for_a_store_that_is_started_again(
    sink: SmtpSink, tmp_path: Path, clock: HandClock
) -> None:
    await send(sink, mail())
    again = MailStore(tmp_path / "mail", ids=str, clock=clock)
    assert [found.subject for found in again.listing().mails] == ["认定结果"]


async def test_mails_are_found_by_the_envelopes_recipient_whatever_the_header_says(
    sink: SmtpSink, reader: httpx.AsyncClient
) -> None:
    await send(sink, mail("一"), to="Lixia@example.test")
    await send(sink, mail("二"), to="jinan@example.test")
    found = (await reader.get("/mailbox.json", params={"recipient": "lixia@"})).json()
    assert [item["subject"] for item in found["items"]] == ["一"]
    page = (await reader.get("/mailbox", params={"recipient": "jinan"})).text
    assert "二" in page
    assert "一" not in re.sub(r"<(nav|header|footer).*?</\1>", "", page, flags=re.DOTALL)


async def test_pages_lead_from_the_newest_to_the_oldest_mail(sink: SmtpSink, reader: httpx.AsyncClient) -> None:
    for number in range(5):
        await send(sink, mail(f"mail {number}", message_id=f"<{number}@x.test>"))
    seen: list[str] = []
    before: str | None = ""
    while before is not None:
        params = {"limit": "2"} | ({"before": before} if before else {})
        found = (await reader.get("/mailbox.json", params=params)).json()
        assert (found["total"], found["distinct"]) == (5, 5)
        seen += [item["subject"] for item in found["items"]]
        before = found["next_before"]
    assert seen == [f"mail {number}" for number in (4, 3, 2, 1, 0)]


async def test_what_a_sender_writes_is_shown_and_never_run(sink: SmtpSink, reader: httpx.AsyncClient) -> None:
    message = mail("<script>alert(1)</script>")
    message.set_content("<img src=x onerror=alert(2)>")
    message.add_alternative("<script>alert(3)</script>", subtype="html")
    message.add_attachment(b"1234", maintype="application", subtype="pdf", filename='"><script>.pdf')
    await send(sink, message)
    for path in ("/mailbox", "/mailbox/mail_00000000-0000-7000-8000-000000000001"):
        page = await reader.get(path)
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "4 B" in page.text


async def test_the_source_is_given_as_a_file(sink: SmtpSink, reader: httpx.AsyncClient) -> None:
    await send(sink, mail())
    answer = await reader.get("/mailbox/mail_00000000-0000-7000-8000-000000000001.eml")
    assert answer.headers["content-type"] == "message/rfc822"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert b"Message-ID: <m-1@x.test>" in answer.content


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no header at all\r\n",
        b"Subject: =?utf-8?b?!!!?=\r\n\r\nx",
        b"Subject: =?nonsense?q?abc?=\r\n\r\nx",
        b"Subject: \xff\xfe\xe5\x90\x8d\r\n\r\nx",
        b"Subject: a\r\n b\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nunfinished",
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"X-Mingpai-Received-At: never\r\nX-Mingpai-Envelope-To: somebody@else.test\r\n\r\nx",
        b"From: =?\r\nTo: <\r\nMessage-ID:\r\n\r\nx",
    ],
)
async def test_any_bytes_can_be_received_listed_and_shown(
    sink: SmtpSink, reader: httpx.AsyncClient, raw: bytes
) -> None:
    await send(sink, raw)
    found = (await reader.get("/mailbox.json")).json()
    assert found["items"][0]["recipients"] == ["applicant-1@example.test"]
    assert (await reader.get("/mailbox")).status_code == 200
    assert (await reader.get(f"/mailbox/{found['items'][0]['id']}")).status_code == 200


@pytest.mark.parametrize(
    "mail_id", ["unknown", "mail_00000000-0000-7000-8000-000000000009", "..%2F..%2Fissuer", "%2e%2e"]
)
async def test_an_unknown_mail_is_a_page_that_says_so(reader: httpx.AsyncClient, mail_id: str) -> None:
    assert (await reader.get(f"/mailbox/{mail_id}")).status_code == 404
    assert (await reader.get(f"/mailbox/{mail_id}.eml")).status_code == 404


class FullDisk(MailStore):
    def keep(self, content: bytes, *, sender: str, recipients: list[str]) -> str:  # noqa: ARG002 -- as its base
        raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_full_disk_is_a_refusal_that_passes_so_the_sender_keeps_the_mail(
    tmp_path: Path, clock: HandClock
) -> None:
    full = FullDisk(tmp_path / "mail", ids=str, clock=clock)
    async with await SmtpSink.start(full) as sink:
        with pytest.raises(SMTPDataError) as refused:
            await send(sink, mail())
    assert isinstance(refused.value, SMTPResponseException)
    assert refused.value.code == 452
    assert list((tmp_path / "mail").iterdir()) == []


async def test_many_senders_at_once_lose_nothing(sink: SmtpSink, reader: httpx.AsyncClient) -> None:
    await asyncio.gather(*(send(sink, mail(message_id=f"<{n}@x.test>")) for n in range(30)))
    found = (await reader.get("/mailbox.json")).json()
    assert (found["total"], found["distinct"]) == (30, 30)


async def test_the_sink_stops_although_a_sender_holds_its_connection(store: MailStore) -> None:
    sink = await SmtpSink.start(store)
    reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
    assert (await reader.readline()).startswith(b"220")
    async with asyncio.timeout(5):
        await sink.stop()
        assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
