"""The sender: claims mails under a lease, hands them to the mail server outside any transaction, records how it ended.

A kill between the server's acceptance and our record sends the same mail, under the same Message-ID, once more.
"""

from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol

import aiosmtplib

from common import failpoints
from common.actor import SYSTEM
from common.correlation import Correlation
from common.errors import Permanent, Transient
from common.runtime import Runtime
from common.settings import Settings
from notifications_service.messages.commands import claim_due, conclude
from notifications_service.messages.model import Message

DEADLINE_SECONDS = 30.0
FINAL_FROM = 500


class Mailer(Protocol):
    """Hands one mail to a mail server; raises Transient or Permanent."""

    async def __call__(self, mail: EmailMessage) -> None:
        """Send it; returning means that the server has taken responsibility."""


def smtp(settings: Settings) -> Mailer:
    """Return the sender over the SMTP server of the settings."""

    async def send(mail: EmailMessage) -> None:
        try:
            await aiosmtplib.send(
                mail,
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_username,
                password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
                start_tls=settings.smtp_starttls,
                timeout=DEADLINE_SECONDS,
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
        correlation = Correlation(id=lease)
        async with runtime.transaction(actor=SYSTEM, correlation=correlation) as work:
            claimed = await claim_due(work, lease=lease)
        for message in claimed:
            failure, final = None, False
            failpoints.hit(runtime.service, "before-send")
            try:
                await send(_composed(message, sender=runtime.settings.mail_from))
            except Transient as passing:
                failure = passing.reason
            except Permanent as lasting:
                failure, final = lasting.reason, True
            failpoints.hit(runtime.service, "after-send")
            async with runtime.transaction(actor=SYSTEM, correlation=correlation) as work:
                await conclude(work, message.id, lease=lease, failure=failure, final=final)
        return len(claimed)

    return send_due
