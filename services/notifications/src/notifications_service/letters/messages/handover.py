"""The conversation with the mail server (SMTP), stage by stage, so that a refusal names the stage at which it came."""

import asyncio
import re
import ssl
from contextlib import suppress
from typing import Final

import aiosmtplib

from common.settings import Settings
from notifications_service.letters.messages.letter import Letter
from notifications_service.letters.messages.outcomes import (
    Answer,
    Outcome,
    Refusal,
    Stage,
    enhanced_code,
    outcome,
)

DEADLINE_SECONDS: Final = 30.0
"""For all stages together; a mail's lease is longer."""
_PARTING_SECONDS: Final = 2.0
_LEADING_DOT: Final = re.compile(rb"^\.", re.MULTILINE)
_GO_ON: Final = 354
_DONE: Final = 250
_LOWEST_CODE: Final = 200
_UTF8: Final = ("SMTPUTF8", "BODY=8BITMIME")


async def hand_over(settings: Settings, letter: Letter, /, *, deadline: float = DEADLINE_SECONDS) -> Outcome | None:
    """Give the mail to the server of the settings; return None when it has accepted it, otherwise what follows."""
    conversation = _Conversation(settings, letter)
    try:
        async with asyncio.timeout(deadline):  # the library limits only each step
            await conversation.hold()
    except aiosmtplib.SMTPResponseException as reply:
        return conversation.refused_by(reply)
    except _NotOffered:
        return conversation.broken(Answer.NOT_OFFERED)
    except ssl.SSLError:
        return conversation.broken(Answer.UNTRUSTED)
    except TimeoutError:
        return conversation.broken(Answer.TIMED_OUT)
    except (aiosmtplib.SMTPException, OSError):
        at_start = conversation.stage is Stage.CONNECT
        return conversation.broken(Answer.UNREACHABLE if at_start else Answer.DISCONNECTED)
    finally:
        await conversation.part()
    return None


class _NotOffered(Exception):  # noqa: N818 -- says what is wrong
    """The server does not offer an extension without which the mail cannot be handed over."""


class _Conversation:
    """One connection for one mail; `stage` is where it is."""

    def __init__(self, settings: Settings, letter: Letter) -> None:
        self.stage = Stage.CONNECT
        self._settings = settings
        self._letter = letter
        self._server = aiosmtplib.SMTP(
            hostname=settings.smtp_host, port=settings.smtp_port, timeout=None, start_tls=False
        )

    async def hold(self) -> None:
        """Go through all stages; returns after the server has accepted the mail."""
        await self._server.connect()
        await self._greet()
        if self._settings.smtp_starttls:
            self.stage = Stage.TLS
            self._need("starttls")
            await self._server.starttls()
            await self._greet()
        if self._settings.smtp_username is not None:
            self.stage = Stage.AUTH
            self._need("auth")
            await self._log_in(self._settings.smtp_username)
        if self._letter.needs_smtputf8:
            self.stage = Stage.EHLO
            self._need("smtputf8")
        self.stage = Stage.MAIL_FROM
        options, encoding = (_UTF8, "utf-8") if self._letter.needs_smtputf8 else ((), "ascii")
        await self._server.mail(self._letter.sender, options=options, encoding=encoding)
        self.stage = Stage.RCPT
        await self._server.rcpt(self._letter.recipient, encoding=encoding)
        self.stage = Stage.DATA
        await self._content()

    async def part(self) -> None:
        """Say goodbye if there is a connection; the mail's outcome is known, so nothing that fails here matters."""
        with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            async with asyncio.timeout(_PARTING_SECONDS):
                await self._server.quit()
        self._server.close()

    def refused_by(self, reply: aiosmtplib.SMTPResponseException) -> Outcome:
        """Return what follows from a reply."""
        if reply.code < _LOWEST_CODE:  # the library's mark for a line that is no reply
            return self.broken(Answer.UNREADABLE)
        enhanced = enhanced_code(reply.code, reply.message)
        return outcome(
            Refusal(
                stage=self.stage,
                answer=Answer.REPLIED,
                code=reply.code,
                enhanced=enhanced,
                needs_smtputf8=self._letter.needs_smtputf8,
            )
        )

    def broken(self, answer: Answer) -> Outcome:
        """Return what follows when the conversation ended without a reply."""
        return outcome(Refusal(stage=self.stage, answer=answer, needs_smtputf8=self._letter.needs_smtputf8))

    async def _greet(self) -> None:
        self.stage = Stage.EHLO
        await self._server.ehlo()

    def _need(self, extension: str) -> None:
        if not self._server.supports_extension(extension):
            raise _NotOffered(extension)

    async def _log_in(self, username: str) -> None:
        """Try each method that the server offers; a refusal counts, also when the server ends the connection with it.

        The library's own `login` goes on over the closed connection and forgets the reply.
        """
        given = self._settings.smtp_password
        password = given.get_secret_value() if given else ""
        if not self._server.supported_auth_methods:
            raise _NotOffered("auth")
        refused: aiosmtplib.SMTPAuthenticationError | None = None
        for method in self._server.supported_auth_methods:
            try:
                await getattr(self._server, f"auth_{method.replace('-', '')}")(username, password)
            except aiosmtplib.SMTPAuthenticationError as reply:
                refused = reply
            except aiosmtplib.SMTPServerDisconnected as closed:
                raise refused or closed from None
            else:
                return
        if refused is not None:
            raise refused

    async def _content(self) -> None:
        """Send the content in two steps, because the library's own does not say which of its two replies it got."""
        start = await self._server.execute_command(b"DATA")
        if start.code != _GO_ON:
            raise aiosmtplib.SMTPDataError(start.code, start.message)
        self.stage = Stage.END_OF_DATA
        protocol = self._server.protocol
        if protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("closed after 354")
        protocol.write(_LEADING_DOT.sub(b"..", self._letter.content) + b".\r\n")
        end = await protocol.read_response()
        if end.code != _DONE:
            raise aiosmtplib.SMTPDataError(end.code, end.message)
