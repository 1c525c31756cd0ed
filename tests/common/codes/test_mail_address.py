"""Mail addresses: a library's judgement, and what is done with it at every place that takes one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st
from pydantic import TypeAdapter, ValidationError

from common.codes.mail_address import EmailAddress, SenderAddress, for_mail_server, is_mail_address
from common.contracts.applications.contacts import Contact
from common.programme.rules.forms import compiled
from common.settings import Settings, UnusableSettingsError
from embedded.demo.people import load_demo

NOW = datetime(2015, 10, 8, tzinfo=UTC)
ADAPTER: TypeAdapter[str] = TypeAdapter(EmailAddress)
VALID = {
    "li@example.test": "li@example.test",
    "Li.Wang+tag@EXAMPLE.com": "Li.Wang+tag@example.com",
    "o'brien@example.com": "o'brien@example.com",
    "wang@例子.中国": "wang@xn--fsqu00a.xn--fiqs8s",
    "wang@xn--fsqu00a.xn--fiqs8s": "wang@xn--fsqu00a.xn--fiqs8s",
    "wang@XN--FSQU00A.中国": "wang@xn--fsqu00a.xn--fiqs8s",
    "张三@例子.中国": "张三@xn--fsqu00a.xn--fiqs8s",
    "a@faß.de": "a@xn--fa-hia.de",
    "a" * 64 + "@x.cn": "a" * 64 + "@x.cn",
    "名" * 21 + "@x.cn": "名" * 21 + "@x.cn",
    "a?b=c@x.cn": "a?b=c@x.cn",
}
INVALID = {
    "email_invalid": [
        "a" * 65 + "@x.cn", "名" * 22 + "@x.cn",
        "", "@", "nobody", "a b@x.test", "a@x", "a@localhost", "<a@x.test>", "A <a@x.test>", "a,b@x.test", "a@b@x.test",
        "a@@x.test", ".a@x.test", "a.@x.test", "a..b@x.test", '"a b"@x.test', "a@[127.0.0.1]", "a@127.0.0.1",
        "a@-x.test", "a@x_y.test", "a@x.test.", "a@x.test\n", "\ta@x.test", "a@x.test\nBcc: b@x.test", " a@x.test",
        "a@x.local", "a@x.invalid", "a@xn--a.cn", "a@☃.cn", "a＠x.cn", "a" * 65 + "@x.cn", "a@" + "b" * 64 + ".cn",
        "a(comment)@x.cn", "a\\@x.cn", "a:b@x.cn",
    ],
    "email_encoded_word": ["=?utf-8?q?victim=40bank.example?=@x.test", "a.=?utf-8?b?YQ==?=@x.test", "a=?b@x.test"],
    "text_control": ["li\x07@x.test", "a@x.test\r", "a\0@x.test"],
    "text_bidi": ["li\u202e@x.test"],
    "text_surrogate": ["\ud800@x.test"],
}  # fmt: skip


@pytest.mark.parametrize(("given_", "sent"), VALID.items())
def test_a_valid_address_is_kept_and_given_to_the_mail_server_in_ascii(given_: str, sent: str) -> None:
    assert ADAPTER.validate_python(given_) == given_
    assert for_mail_server(given_) == sent
    assert for_mail_server(sent) == sent


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in INVALID.items() for text in texts])
def test_what_is_no_address_is_refused_by_its_code(code: str, text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ADAPTER.validate_python(text)
    assert [error["type"] for error in refused.value.errors()] == [code]
    assert not is_mail_address(text)


def test_the_local_part_is_composed_and_the_domain_stays_as_sent() -> None:
    assert ADAPTER.validate_python("e\u0301@XN--FSQU00A.中国") == "é@XN--FSQU00A.中国"


@given(st.text(max_size=80), st.sampled_from(["x.test", "例子.中国", "@x.test", "", "a b.cn"]))
def test_a_stored_address_is_judged_the_same_again(local: str, domain: str) -> None:
    try:
        stored = ADAPTER.validate_python(f"{local}@{domain}")
    except ValidationError:
        return
    assert ADAPTER.validate_python(stored) == stored
    assert ADAPTER.validate_python(for_mail_server(stored)) == for_mail_server(stored)
    assert "=?" not in stored
    assert not set(stored) & set("\r\n\t <>,;:")


@pytest.mark.parametrize("text", [text for texts in INVALID.values() for text in texts if text != "\ud800@x.test"])
def test_every_place_that_takes_an_address_refuses_the_same_texts(text: str) -> None:
    with pytest.raises(ValidationError):
        Contact(name="王", email=text, named_at=NOW)
    if text:
        with pytest.raises((UnusableSettingsError, ValueError)):
            Settings.for_service("notifications", {"MINGPAI_MAIL_FROM": text})
    form = compiled({"type": "object", "properties": {"to": {"type": "string", "format": "email"}}})
    assert not form.is_valid({"to": text})


@pytest.mark.parametrize("text", VALID)
def test_every_place_that_takes_an_address_takes_the_same_texts(text: str) -> None:
    assert Contact(name="王", email=text, named_at=NOW).email == text
    form = compiled({"type": "object", "properties": {"to": {"type": "string", "format": "email"}}})
    assert form.is_valid({"to": text})


def test_the_senders_address_is_one_that_every_mail_server_takes() -> None:
    sender: TypeAdapter[str] = TypeAdapter(SenderAddress)
    assert sender.validate_python("office@例子.中国") == "office@例子.中国"
    with pytest.raises(ValidationError) as refused:
        sender.validate_python("张三@例子.中国")
    assert [error["type"] for error in refused.value.errors()] == ["email_not_ascii"]
    assert Settings.for_service("notifications", {"MINGPAI_MAIL_FROM": "a@例子.中国"}).mail_from == "a@例子.中国"


def test_the_addresses_of_the_demo_are_addresses() -> None:
    assert all(is_mail_address(agency.contact) for agency in load_demo().agencies)
