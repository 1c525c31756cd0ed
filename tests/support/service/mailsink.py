"""A real SMTP server on loopback that keeps the mails it accepts and refuses those that a test chooses."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

Send = Callable[[], Awaitable[int]]
"""Runs the mail job once; returns how many mails it took on."""


@dataclass
class Sink:
    """What came in; `to_recipient` and `to_content` answer the next commands instead of 250."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    to_recipient: str | None = None
    to_content: str | None = None

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        if self.to_recipient is not None:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        """Keep or refuse a mail."""
        if self.to_content is not None:
            return self.to_content
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(message_from_bytes(content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@asynccontextmanager
async def mail_sink(*, smtputf8: bool = False) -> AsyncIterator[Sink]:
    """Run a sink on a free port, with SMTPUTF8 or without."""
    sink = Sink()

    def session() -> SMTP:
        return SMTP(sink, hostname="localhost", enable_SMTPUTF8=smtputf8)

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        await server.wait_closed()
