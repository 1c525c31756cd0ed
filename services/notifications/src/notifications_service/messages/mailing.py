"""The sender: claims mails under a lease, hands them to the mail server outside any transaction, records how it ended.

A kill between the server's acceptance and our record sends the same mail, under the same Message-ID, once more. A
database that is away for a while does not: the record is insisted on for as long as the lease lasts.
"""

import asyncio
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from typing import Protocol

import aiosmtplib
import structlog

from common import failpoints
from common.actor import SYSTEM
from common.correlation import Correlation
from common.errors import Permanent, Transient
from common.logging import log_context
from common.messaging.pace import Pace
from common.runtime import Runtime
from common.settings import Settings
from common.storage.engine import Unavailable
from common.storage.work import Work
from common.tracing import Kind
from notifications_service.messages.commands import claim_due, conclude
from notifications_service.messages.model import LEASE, Message

DEADLINE_SECONDS = 30.0
FINAL_FROM = 500

log = structlog.get_logger(__name__)


class Mailer(Protocol):
    """Hands one mail to a mail server; raises Transient or Permanent."""

    async def __call__(self, mail: EmailMessage, /) -> None:
        """Send it; returning means that the server has taken responsibility."""


def smtp(settings: Settings) -> Mailer:
    """Return the sender over the SMTP server of the settings."""

    async def send(mail: EmailMessage) -> None:
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):  # for the whole, which the library's own does not bound
                await aiosmtplib.send(
                    mail,
                    hostname=settings.smtp_host,
                    port=settings.smtp_port,
                    username=settings.smtp_username,
                    password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
                    start_tls=settings.smtp_starttls,
                    timeout=None,
                )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            codes = [each.code for each in refused.recipients]
            raise (Permanent if all(code >= FINAL_FROM for code in codes) else Transient)(
                "recipient-refused"
            ) from refused
        except aiosmtplib.SMTPResponseException as answer:
            raise (Permanent if answer.code >= FINAL_FROM else Transient)(f"smtp-{answer.code}") from answer
        except (aiosmtplib.SMTPException, OSError) as broken:
            raise Transient("mail-server-unreachable") from broken

    return send


def written(message: Message, *, sender: str) -> EmailMessage:
    """Return the mail as it goes over the wire."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = message.email or ""
    mail["Subject"] = message.subject
    mail["Message-ID"] = message.mail_id
    mail["Date"] = format_datetime(message.created_at)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    return mail


def _composed(message: Message, *, sender: str) -> EmailMessage:
    """Return the mail; raises Permanent for an address or subject that no mail can carry."""
    try:
        return written(message, sender=sender)
    except ValueError as broken:
        raise Permanent("mail-not-writable") from broken


def sender(mailer: Callable[[Settings], Mailer] = smtp) -> Callable[[Runtime], Awaitable[int]]:
    """Return the job that sends what is due; it returns how many it took on."""

    async def send_due(runtime: Runtime) -> int:
        send = mailer(runtime.settings)
        lease = runtime.ids(None)
        async with runtime.transaction(actor=SYSTEM, correlation=Correlation(id=lease)) as work:
            claimed = await claim_due(work, lease=lease)
        # none is broken off because another one's record failed: it may be with the mail server already
        ended = await asyncio.gather(*(_send(runtime, send, one, lease) for one in claimed), return_exceptions=True)
        for failure in ended:
            if failure is not None:
                raise failure
        return len(claimed)

    return send_due


async def _send(runtime: Runtime, send: Mailer, message: Message, lease: str) -> None:
    noted: dict[str, str | int] = {"mingpai.message_id": message.id, "mingpai.event_id": message.event_id}
    failure, final = None, False
    failpoints.hit(runtime.service, "before-send")
    with runtime.tracing.span("mail send", Kind.CLIENT, parent=message.traceparent, attributes=noted) as span:
        try:
            await send(_composed(message, sender=runtime.settings.mail_from))
        except Transient as passing:
            failure = passing.reason
        except Permanent as lasting:
            failure, final = lasting.reason, True
        if failure is not None:
            span.fail(failure)
    failpoints.hit(runtime.service, "after-send")
    correlation = Correlation(
        id=message.request_id or runtime.ids(None), caused_by=message.event_id, traceparent=span.traceparent
    )
    with log_context(request_id=correlation.id, traceparent=span.traceparent, event_id=message.event_id):
        concluding = partial(conclude, message_id=message.id, lease=lease, failure=failure, final=final)
        await _record(runtime, concluding, correlation)  # first of all: a log that is full must not double the mail
        if failure is None:
            log.info("mail-sent", message=message.id, attempt=message.attempts)
        else:
            log.warning("mail-not-sent", message=message.id, attempt=message.attempts, reason=failure, final=final)


async def _record(runtime: Runtime, concluding: Callable[[Work], Awaitable[None]], correlation: Correlation) -> None:
    """Commit how a sending ended, trying again while the database is away; raises Unavailable after the lease."""
    given_up_at, failures, pace = runtime.system.now() + LEASE, 0, Pace()
    while True:
        try:
            async with runtime.transaction(actor=SYSTEM, correlation=correlation) as work:
                await concluding(work)
        except Unavailable:
            if runtime.system.now() >= given_up_at:
                raise
            failures += 1
            await pace.back_off(failures)
        else:
            return
