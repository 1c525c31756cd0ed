"""The sender: claims mails under a lease, gives them to the mail server outside any transaction, records the result.

If the process is killed after the server accepted a mail and before that is recorded, the same mail is sent again,
under the same Message-ID. While the database is unavailable, recording is tried again until the lease ends. While the
mail server refuses us before it has seen a recipient, no other mail is claimed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Final, Protocol

import structlog
from prometheus_client import Counter, Gauge

from common.kernel import failpoints
from common.kernel.actor import SYSTEM
from common.messaging.backoff import RetryPolicy
from common.observability.correlation import Correlation
from common.observability.logging import log_context
from common.observability.tracing import Kind
from common.runtime import Runtime
from common.settings import Settings
from common.storage.database.engine import Unavailable
from common.storage.work import Work
from notifications_service.letters.messages.commands import claim_due, conclude
from notifications_service.letters.messages.handover import hand_over
from notifications_service.letters.messages.letter import Letter
from notifications_service.letters.messages.model import LEASE, Message
from notifications_service.letters.messages.outcomes import Fault, Outcome, Stage
from notifications_service.letters.messages.storage import refused_by_server

ALARM: Final = "mail-server"
REST: Final = timedelta(seconds=10)
"""How long no mail is sent after the mail server has refused us."""
SENT: Final = Counter("mingpai_mails_sent", "Mails that the mail server accepted")
REFUSED: Final = Counter("mingpai_mails_refused", "Mails that it did not accept", ["fault", "stage"])
WAITING: Final = Gauge("mingpai_mails_refused_by_server", "Mails that wait because the mail server refuses us")

log = structlog.get_logger(__name__)


class Mailer(Protocol):
    """Gives one mail to a mail server."""

    async def __call__(self, letter: Letter, /) -> Outcome | None:
        """Return None after the server has accepted the mail, otherwise what follows."""


def smtp(settings: Settings) -> Mailer:
    """Return the sender over the SMTP server of the settings."""
    return partial(hand_over, settings)


def sender(mailer: Callable[[Settings], Mailer] = smtp) -> Callable[[Runtime], Awaitable[int]]:
    """Return the job that sends the mails that are due; the job returns how many mails it claimed."""

    async def send_due(runtime: Runtime) -> int:
        send = mailer(runtime.settings)
        lease = runtime.ports.instruments.ids(None)
        async with runtime.transaction(actor=SYSTEM, correlation=Correlation(id=lease)) as work:
            _alarm(runtime, *await refused_by_server(work))
            claimed = [] if _rests(runtime) else await claim_due(work, lease=lease)
        # a failure to record one mail must not cancel another, which the mail server may already have accepted
        ended = await asyncio.gather(*(_send(runtime, send, one, lease) for one in claimed), return_exceptions=True)
        for failure in ended:
            if isinstance(failure, BaseException):
                raise failure
        if ended and all(isinstance(each, Outcome) and each.concerns_every_mail for each in ended):
            runtime.rests[ALARM] = runtime.ports.instruments.system.now() + REST
        return len(claimed)

    return send_due


def _rests(runtime: Runtime) -> bool:
    """Return whether the mail server has just refused us, so that every mail would fail now."""
    until = runtime.rests.get(ALARM)
    return until is not None and runtime.ports.instruments.system.now() < until


def _alarm(runtime: Runtime, waiting: int, reason: str | None) -> None:
    """Show how many mails the mail server does not take from us; the log reports when that begins and ends."""
    WAITING.set(waiting)
    if waiting and ALARM not in runtime.alarms:
        log.error("mail-server-refuses-us", waiting=waiting, reason=reason)
    if not waiting and ALARM in runtime.alarms:
        del runtime.alarms[ALARM]
        log.info("mail-server-takes-mails")
    if waiting:
        runtime.alarms[ALARM] = f"{waiting} waiting, {reason}"


async def _send(runtime: Runtime, send: Mailer, message: Message, lease: str) -> Outcome | None:
    noted: dict[str, str | int] = {"mingpai.message_id": message.id, "mingpai.event_id": message.event_id}
    failpoints.hit(runtime.service, "before-send")
    with runtime.ports.instruments.tracing.span(
        "mail send", Kind.CLIENT, parent=message.traceparent, attributes=noted
    ) as span:
        failure = await _sent(send, message, sender=runtime.settings.mail_from)
        if failure is not None:
            span.fail(failure.reason)
    failpoints.hit(runtime.service, "after-send")
    correlation = Correlation(
        id=message.request_id or runtime.ports.instruments.ids(None),
        caused_by=message.event_id,
        traceparent=span.traceparent,
    )
    with log_context(request_id=correlation.id, traceparent=span.traceparent, event_id=message.event_id):
        concluding = partial(conclude, message_id=message.id, lease=lease, failure=failure)
        await _record(runtime, concluding, correlation)  # before logging: a full disk must not cause a second mail
        if failure is None:
            SENT.inc()
            log.info("mail-sent", message=message.id, attempt=message.attempts)
        else:
            REFUSED.labels(failure.fault, failure.stage).inc()
            log.warning("mail-not-sent", message=message.id, reason=failure.reason, fault=failure.fault)
    return failure


async def _sent(send: Mailer, message: Message, *, sender: str) -> Outcome | None:
    """Send the mail; an address that is no longer valid, by a newer library's judgement, is the recipient's fault."""
    try:
        letter = Letter.of(
            sender=sender,
            recipient=message.email or "",
            subject=message.subject,
            body=message.body,
            mail_id=message.mail_id,
            at=message.created_at,
        )
    except ValueError:
        return Outcome(fault=Fault.RECIPIENT, reason="recipient-address-not-valid", stage=Stage.RCPT)
    return await send(letter)


async def _record(runtime: Runtime, concluding: Callable[[Work], Awaitable[None]], correlation: Correlation) -> None:
    """Commit a sending's result, retrying while the database is unavailable; raises Unavailable at the lease's end."""
    given_up_at, failures, retries = runtime.ports.instruments.system.now() + LEASE, 0, RetryPolicy()
    while True:
        try:
            async with runtime.transaction(actor=SYSTEM, correlation=correlation) as work:
                await concluding(work)
        except Unavailable:
            if runtime.ports.instruments.system.now() >= given_up_at:
                raise
            failures += 1
            await retries.wait(failures)
        else:
            return
