"""One mail to one organisation about one event.

Invariant: its Message-ID never changes, so that a mail sent twice around a crash is recognised as the same mail; the
sender holds a lease identified by a token, and only that token may record the outcome.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.notifications.messages import MessageDelivered, MessageFailed
from common.messaging.backoff import Backoff
from common.storage.columns import EnumText, UtcDateTime
from common.storage.finding.keys import key_of
from notifications_service.letters.messages.lifecycle import LIFECYCLE, State
from notifications_service.letters.messages.outcomes import Fault, Outcome
from notifications_service.letters.messages.refusals import ContactNotNamed
from notifications_service.tables import Stored

LEASE: Final = timedelta(seconds=60)
MOST_ATTEMPTS: Final = 25
"""All attempts and pauses last three days, because a mail server may be down over a weekend."""
PAUSES: Final = Backoff(first=4, factor=2, longest=6 * 3600, jitter=lambda: 1.0)
SHORTEST_SERVER_PAUSE: Final = timedelta(seconds=10)
LONGEST_SERVER_PAUSE: Final = timedelta(minutes=15)
"""Limits of the pause of one mail that the mail server does not take from us although it takes others."""
PATIENCE: Final = timedelta(days=30)
"""How long a message waits for its organisation to name a contact."""


class Message(Stored):
    """One mail; its sending continues the `request_id` and `traceparent` of the request or event that caused it."""

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("event_id", "org"),)
    PREFIX = "msg"
    MOVES = LIFECYCLE

    event_id: Mapped[str]
    event_type: Mapped[str]
    org: Mapped[str]
    email: Mapped[str | None]
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[State] = mapped_column(EnumText(State), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    request_id: Mapped[str | None] = mapped_column(default=None)
    traceparent: Mapped[str | None] = mapped_column(default=None)
    org_key: Mapped[str] = key_of("org", index=True)

    @property
    def mail_id(self) -> str:
        """Return the stable Message-ID."""
        return f"<{self.id}@notifications.mingpai>"

    def begin(self) -> None:
        """Queue the mail; without an address it waits for a contact."""
        self.record(LIFECYCLE.birth("queue" if self.state is State.QUEUED else "await_contact"))

    def address(self, email: str, *, at: datetime) -> None:
        """Queue the mail, now that its organisation has named a contact."""
        self.email, self.due_at = email, at
        self.record(LIFECYCLE.move(self.state, "address"))

    def claim(self, lease: str, *, at: datetime) -> None:
        """Claim it for sending until the lease ends, also from a sender that died; give it up after `MOST_ATTEMPTS`."""
        if self.attempts >= MOST_ATTEMPTS:
            self.lease = None
            self._give_up("senders-died")
            return
        move = LIFECYCLE.move(self.state, "claim")
        self.lease, self.due_at = lease, at + LEASE
        self.attempts += 1
        self.record(move)

    def deliver(self, lease: str, *, at: datetime) -> None:
        """Record that the mail server accepted the mail; an outdated lease changes nothing."""
        if self.lease != lease:
            return
        move = LIFECYCLE.move(self.state, "deliver")
        self.delivered_at, self.lease, self.reason = at, None, None
        self.record(
            move,
            MessageDelivered(message_id=self.id, event_id=self.event_id, org=self.org, message_key=self.mail_id),
        )

    def fail(self, lease: str, *, outcome: Outcome, at: datetime) -> None:
        """Record a failure: give up what is final; retry what concerns the recipient, after a pause that doubles.

        What the mail server refuses *us* is no attempt of the recipient's: it is retried until it is repaired.
        """
        if self.lease != lease:
            return
        self.lease = None
        if outcome.fault is Fault.MAIL_SERVER:
            self.attempts -= 1
            pause = timedelta() if outcome.concerns_every_mail else self._server_pause(at)
            self._retry(outcome.reason, at=at + pause)
        elif outcome.fault is Fault.RECIPIENT or self.attempts >= MOST_ATTEMPTS:
            self._give_up(outcome.reason)
        else:
            self._retry(outcome.reason, at=at + timedelta(seconds=PAUSES.delay(self.attempts)))

    def expire(self) -> None:
        """Give up because the organisation named no contact in time."""
        self._give_up("no-contact-named")

    def redeliver(self, email: str | None, *, at: datetime) -> None:
        """Queue again a message that was given up, under the same Message-ID, to the organisation's current contact."""
        move = LIFECYCLE.move(self.state, "redeliver")
        if email is None:
            raise ContactNotNamed(org=self.org)
        self.email, self.due_at = email, at
        self.attempts, self.reason = 0, None
        self.record(move)

    def _server_pause(self, at: datetime) -> timedelta:
        """Return as long a pause as the mail has waited already, which doubles it each time, within the limits."""
        return min(max(at - self.created_at, SHORTEST_SERVER_PAUSE), LONGEST_SERVER_PAUSE)

    def _retry(self, reason: str, *, at: datetime) -> None:
        self.due_at, self.reason = at, reason
        self.record(LIFECYCLE.move(self.state, "retry"), reason=reason)

    def _give_up(self, reason: str) -> None:
        move = LIFECYCLE.move(self.state, "give_up")
        self.reason = reason
        event = MessageFailed(
            message_id=self.id, event_id=self.event_id, org=self.org, message_key=self.mail_id, reason=reason
        )
        self.record(move, event, reason=reason)
