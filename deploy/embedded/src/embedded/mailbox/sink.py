"""The SMTP server on a loopback port that accepts every mail and delivers none.

It answers 250 only after the mail is on disk, and 452 when the disk is full, so that the sender tries again later.
"""

import asyncio
import logging
from typing import Final, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from embedded.mailbox.store import MailStore

_MAX_BYTES: Final = 10 * 1024 * 1024
_log: Final = logging.getLogger(__name__)


class _Handler:
    def __init__(self, store: MailStore) -> None:
        self._store = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 -- aiosmtpd's hook
        try:
            mail_id = await asyncio.to_thread(
                self._store.keep,
                envelope.original_content or b"",
                sender=envelope.mail_from or "",
                recipients=list(envelope.rcpt_tos),
            )
        except OSError as error:
            _log.warning("a mail could not be stored: %s", error)
            return "452 4.3.1 Insufficient system storage"
        return f"250 2.0.0 {mail_id}"


class SmtpSink:
    """A running sink: `async with await SmtpSink.start(store) as sink` serves until the block ends."""

    def __init__(self, store: MailStore) -> None:
        self._handler = _Handler(store)
        self._sessions: set[SMTP] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    @classmethod
    async def start(cls, store: MailStore, *, port: int = 0) -> Self:
        """Listen on a loopback port, 0 for any free one. Raises OSError when the port is in use."""
        sink = cls(store)
        loop = asyncio.get_running_loop()
        sink._server = await loop.create_server(sink._session, "127.0.0.1", port)
        sink.port = sink._server.sockets[0].getsockname()[1]
        return sink

    @property
    def url(self) -> str:
        """The address for a sender's settings."""
        return f"smtp://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        """Stop accepting mail and close all connections; the sender still has any mail that was not accepted."""
        if self._server is None:
            return
        self._server.close()
        for session in self._sessions:
            if session.transport is not None:
                session.transport.close()
        await self._server.wait_closed()
        self._server = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _session(self) -> SMTP:
        self._sessions = {session for session in self._sessions if session.transport is not None}
        session = SMTP(
            self._handler,
            hostname="mailbox.mingpai.test",
            ident="Mingpai demo mailbox",
            data_size_limit=_MAX_BYTES,
            enable_SMTPUTF8=True,
            loop=asyncio.get_running_loop(),
        )
        self._sessions.add(session)
        return session
