"""A message as the mail that is sent. What is stored is what arrives: no header is parsed, cut or decoded on the way.

`email`'s own header objects read a text before they write it: an encoded word (RFC 2047) in a subject is decoded, and a
line separator refused. Here every subject is encoded as it is, and an address has the form that mail servers are given.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Final, Self

from common.codes.mail_address import for_mail_server

_LONGEST_LINE: Final = 998
"""RFC 5322, 2.1.1; `email` must not fold an address, which it does by encoding it."""
_BLANK: Final = " "
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail with its envelope: addresses as a mail server is given them."""

    sender: str
    recipient: str
    content: bytes

    @property
    def needs_smtputf8(self) -> bool:
        """Return whether only a mail server with SMTPUTF8 (RFC 6531) can take it."""
        return not self.recipient.isascii()

    @classmethod
    def of(cls, *, sender: str, recipient: str, subject: str, body: str, mail_id: str, at: datetime) -> Self:
        """Compose the mail. Both addresses are valid ones (`EmailAddress`); subject and body may be any text."""
        from_, to = for_mail_server(sender), for_mail_server(recipient)
        policy = SMTP.clone(max_line_length=_LONGEST_LINE, utf8=not to.isascii())
        mail = EmailMessage(policy=policy)
        mail["From"] = from_
        mail["To"] = to
        mail["Subject"] = _Literal("Subject", one_line(subject))
        mail["Message-ID"] = mail_id
        mail["Date"] = format_datetime(at)
        mail["Auto-Submitted"] = "auto-generated"
        text = _LINE_END.sub("\r\n", storable(body)).encode()
        mail.set_content(text, "text", "plain", cte="base64", params={"charset": "utf-8"})  # bytes: no line is split
        return cls(sender=from_, recipient=to, content=mail.as_bytes())


def one_line(text: str) -> str:
    """Return the text on one line: line separators and other control characters become blanks."""
    return "".join(each if each.isprintable() or each == _BLANK else _BLANK for each in storable(text)).strip()


def storable(text: str) -> str:
    """Return the text without halves of surrogate pairs, which have no form in UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


class _Literal(str):
    """A header whose text is encoded (RFC 2047) as it is, also where it looks like an encoded word."""

    __slots__ = ("name",)
    name: str

    def __new__(cls, name: str, text: str) -> Self:
        header = super().__new__(cls, text)
        header.name = name
        return header

    def fold(self, *, policy: EmailPolicy) -> str:
        """Return the header's lines, as `email` asks for them."""
        encoded = Header(str(self), "utf-8", header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {encoded}{policy.linesep}"
