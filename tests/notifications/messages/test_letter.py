"""What is stored is what arrives: recipient, subject and text of a mail, for whole classes of them."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from common.codes.mail_address import for_mail_server, is_mail_address
from common.settings import Settings
from notifications_service.letters.messages.handover import hand_over
from notifications_service.letters.messages.letter import Letter, one_line, storable
from support.service.alone import START
from support.service.mailsink import Sink, mail_sink
from support.service.smtpscript import smtp_script

LOCAL = "abcXYZ019!#$%&'*+-/=?^_`{|}~.张é\u0301𠮷한ñ"
DOMAINS = (
    "example.org",
    "例子.中国",
    "xn--fsqu00a.xn--fiqs8s",
    "EXAMPLE.Org",
    "例子。中国",
    "bücher.example",
    "b" * 63 + ".cn",
)
SUBJECTS = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        [
            "=?utf-8?q?Bcc=3A_all=40example.org?=",
            "a =?utf-8?b?YQ==?= b",
            "a\r\nBcc: all@example.org",
            "a\u2028b\u0085c\x0bd\x0ce\x1cf",
            "名牌" * 200,
            "plain",
            "<script>",
            "\ud800",
            'Re: "x" <a@b.c>, d@e.f; (comment)',
        ]
    ),
)


def letter(*, to: str = "li@example.org", subject: str = "题", body: str = "文") -> Letter:
    return Letter.of(sender="office@例子.中国", recipient=to, subject=subject, body=body, mail_id="<1@x>", at=START)


@settings(max_examples=400)
@given(st.text(LOCAL, min_size=1, max_size=64), st.sampled_from(DOMAINS))
def test_the_recipient_in_the_mail_is_the_stored_one(local: str, domain: str) -> None:
    address = f"{local}@{domain}"
    if not is_mail_address(address):
        return
    one = letter(to=address)

    mail = message_from_bytes(one.content, policy=policy.SMTPUTF8)
    (named,) = mail["To"].addresses
    assert (utf8(named.addr_spec), named.display_name) == (one.recipient, "")
    assert one.recipient == for_mail_server(address)
    assert one.recipient.rpartition("@")[2].isascii()
    raw = one.content.split(b"\r\n\r\n")[0].split(b"\r\n")
    assert f"To: {one.recipient}".encode() in raw  # on one line, unencoded
    assert b"From: office@xn--fsqu00a.xn--fiqs8s" in raw


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(SUBJECTS, st.text(max_size=300))
def test_subject_and_text_arrive_as_they_are_and_add_no_header(subject: str, body: str) -> None:
    mail = message_from_bytes(letter(subject=subject, body=body).content)

    assert mail.keys() == [
        "From", "To", "Subject", "Message-ID", "Date", "Auto-Submitted",
        "Content-Transfer-Encoding", "Content-Type", "MIME-Version",
    ]  # fmt: skip
    assert (mail.get_content_type(), mail.get_content_charset()) == ("text/plain", "utf-8")
    assert str(make_header(decode_header(mail["Subject"]))) == one_line(subject)
    content = mail.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert content.decode() == re.sub("\r\n|\r|\n", "\r\n", storable(body))


@pytest.mark.parametrize("to", [
    "li@example.org", "wang@例子.中国", "wang@xn--fsqu00a.xn--fiqs8s", "张三@例子.中国", "o'brien+tag@bücher.example",
    "a" * 64 + "@" + "b" * 63 + "." + "c" * 63 + ".cn", "!#$%&'*+-/=?^_`{|}~@example.org",
])  # fmt: skip
async def test_the_recipient_on_the_wire_is_the_stored_one(to: str) -> None:
    async with mail_sink(smtputf8=True) as sink:
        assert await hand_over(reaching(sink), letter(to=to, subject=".\n.", body=".\r\n.\n..\n")) is None

    assert sink.recipients == [for_mail_server(to)]
    (mail,) = sink.mails
    assert [utf8(each.addr_spec) for each in mail["To"].addresses] == sink.recipients
    assert mail["Subject"] == ". ."


async def test_lines_that_begin_with_a_dot_arrive_whole() -> None:
    """Our own text is base64 and has none; the protocol's rule (RFC 5321, 4.5.2) holds for any content."""
    content = b"Subject: x\r\n\r\n.a\r\n..b\r\n.\r\nend\r\n"
    async with smtp_script() as server:
        one = Letter(sender="a@example.org", recipient="b@example.org", content=content)
        assert await hand_over(server.settings(), one) is None
    assert server.taken == [content]


async def test_both_forms_of_a_domain_are_one_address() -> None:
    async with mail_sink() as sink:
        for domain in ("例子.中国", "xn--fsqu00a.xn--fiqs8s", "XN--FSQU00A.中国", "例子。中国"):
            await hand_over(reaching(sink), letter(to=f"wang@{domain}"))

    assert sink.recipients == ["wang@xn--fsqu00a.xn--fiqs8s"] * 4


def utf8(text: str) -> str:
    """Return a header's text that `email` has read as bytes of unknown meaning."""
    return text.encode("utf-8", "surrogateescape").decode()


def reaching(sink: Sink) -> Settings:
    return Settings.for_service("notifications", {}).model_copy(update={"smtp_port": sink.port})
