"""Reads a stored mail so that it can be shown; no content makes this fail, and nothing in a mail is executed."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from typing import Final

RECEIVED_AT: Final = "X-Mingpai-Received-At"
ENVELOPE_FROM: Final = "X-Mingpai-Envelope-From"
ENVELOPE_TO: Final = "X-Mingpai-Envelope-To"

_FOLD: Final = re.compile(r"\s*[\r\n]+\s*")


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One received mail. `recipients` are the envelope's, which include the recipients of blind copies."""

    id: str
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    message_id: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A part that is not shown: its name, type and size in bytes."""

    name: str
    media_type: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Content:
    """The content that a reader sees: headers in order, the text and the attachments."""

    headers: tuple[tuple[str, str], ...]
    text: str
    attachments: tuple[Attachment, ...]


def stamped(content: bytes, *, sender: str, recipients: list[str], received_at: datetime) -> bytes:
    """Return the mail with our three headers at the top, before any headers of the same names from the sender."""
    ours = (
        f"{RECEIVED_AT}: {received_at.isoformat()}\r\n"
        f"{ENVELOPE_FROM}: {sender}\r\n"
        f"{ENVELOPE_TO}: {', '.join(recipients)}\r\n"
    )
    return ours.encode() + content


def read_summary(mail_id: str, stored: bytes) -> Mail:
    """Return the summary of a stored mail; only its headers are read."""
    head, _, _ = stored.partition(b"\r\n\r\n")
    message = message_from_bytes(head + b"\r\n\r\n")
    recipients = header(message, ENVELOPE_TO).split(", ")
    return Mail(
        id=mail_id,
        received_at=datetime.fromisoformat(header(message, RECEIVED_AT)),
        sender=header(message, "From") or header(message, ENVELOPE_FROM),
        recipients=tuple(recipients),
        message_id=header(message, "Message-ID"),
        subject=header(message, "Subject"),
    )


def read_content(stored: bytes) -> Content:
    """Return the content of a stored mail that a reader sees."""
    message = message_from_bytes(stored)
    texts: list[str] = []
    attachments: list[Attachment] = []
    parts = [part for part in message.walk() if not part.is_multipart()]
    plain = any(part.get_content_type() == "text/plain" and not part.get_filename() for part in parts)
    for part in parts:
        kind = part.get_content_type()
        payload = part.get_payload(decode=True)
        raw = payload if isinstance(payload, bytes) else b""
        if not part.get_filename() and kind == ("text/plain" if plain else "text/html"):
            texts.append(_decoded(raw, part.get_content_charset()))
        else:
            name = _unfolded(part.get_filename() or kind)
            attachments.append(Attachment(name=name, media_type=kind, size=len(raw)))
    names = ("Date", "From", "To", "Cc", "Reply-To", "Message-ID", ENVELOPE_TO)
    headers = tuple((name, header(message, name)) for name in names if name in message)
    return Content(headers=headers, text="\n\n".join(texts), attachments=tuple(attachments))


def header(message: Message, name: str) -> str:
    """Return the first header of that name, unfolded and with its encoded words read; empty when absent."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    text = _unfolded(str(raw).encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    try:
        return str(make_header(decode_header(text)))
    except (MessageError, ValueError, LookupError):
        return text


def _unfolded(text: str) -> str:
    return _FOLD.sub(" ", text).strip()


def _decoded(raw: bytes, charset: str | None) -> str:
    try:
        return raw.decode(charset or "utf-8", "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")
