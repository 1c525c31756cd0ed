"""One mail to one organisation about one event.

Invariant: its Message-ID never changes, so that a mail sent twice around a crash is known as the same mail; whoever
sends it holds a lease under a token, and only that token may record the outcome.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.notifications import MessageDelivered, MessageFailed
from common.storage.columns import EnumText, UtcDateTime
from notifications_service.messages.lifecycle import LIFECYCLE, State
from notifications_service.messages.refusals import ContactNotNamed
from notifications_service.tables import Stored

LEASE: Final = timedelta(seconds=60)
MOST_ATTEMPTS: Final = 25
"""With the pauses between them three days: a mail server may be down over a weekend."""
FIRST_PAUSE: Final = timedelta(seconds=2)
LONGEST_PAUSE: Final = timedelta(hours=6)
PATIENCE: Final = timedelta(days=30)
"""How long a message waits for its organisation to name a contact."""


class Message(Stored):
    """A mail on its way; `request_id` and `traceparent` are those of the work that wrote it, for its own to go on."""

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("event_id", "org"),)

    event_id: Mapped[str]
    event_type: Mapped[str]
    org: Mapped[str] = mapped_column(index=True)
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

    @property
    def mail_id(self) -> str:
        """Return the stable Message-ID."""
        return f"<{self.id}@notifications.mingpai>"

    def begin(self) -> None:
        """Queue the mail, or let it wait for a contact."""
        self.record(LIFECYCLE.birth("queue" if self.state is State.QUEUED else "await_contact"))

    def address(self, email: str, *, at: datetime) -> None:
        """Queue the mail now that there is somebody to write to."""
        self.email, self.due_at = email, at
        self.record(LIFECYCLE.move(self.state, "address"))

    def claim(self, lease: str, *, at: datetime) -> None:
        """Take it for sending until the lease runs out; also from a sender that died over it, but not for ever."""
        if self.attempts >= MOST_ATTEMPTS:
            self.lease = None
            self._give_up("senders-died")
            return
        move = LIFECYCLE.move(self.state, "claim")
        self.lease, self.due_at = lease, at + LEASE
        self.attempts += 1
        self.record(move)

    def deliver(self, lease: str, *, at: datetime) -> None:
        """Note that the mail server took it; an outdated lease changes nothing."""
        if self.lease != lease:
            return
        move = LIFECYCLE.move(self.state, "deliver")
        self.delivered_at, self.lease = at, None
        self.record(
            move,
            MessageDelivered(message_id=self.id, event_id=self.event_id, org=self.org, message_key=self.mail_id),
        )

    def fail(self, lease: str, *, reason: str, final: bool, at: datetime) -> None:
        """Note a failure: try again later, twice as late each time, or give up when it is final."""
        if self.lease != lease:
            return
        self.lease = None
        if final or self.attempts >= MOST_ATTEMPTS:
            self._give_up(reason)
            return
        self.due_at = at + min(FIRST_PAUSE * 2**self.attempts, LONGEST_PAUSE)
        self.reason = reason
        self.record(LIFECYCLE.move(self.state, "retry"), reason=reason)

    def expire(self) -> None:
        """Give up because nobody was named to write to."""
        self._give_up("no-contact-named")

    def redeliver(self, email: str | None, *, at: datetime) -> None:
        """Queue what was given up once more, under its Message-ID, to whom the organisation names now."""
        move = LIFECYCLE.move(self.state, "redeliver")
        if email is None:
            raise ContactNotNamed(org=self.org)
        self.email, self.due_at = email, at
        self.attempts, self.reason = 0, None
        self.record(move)

    def _give_up(self, reason: str) -> None:
        move = LIFECYCLE.move(self.state, "give_up")
        self.reason = reason
        event = MessageFailed(
            message_id=self.id, event_id=self.event_id, org=self.org, message_key=self.mail_id, reason=reason
        )
        self.record(move, event, reason=reason)
