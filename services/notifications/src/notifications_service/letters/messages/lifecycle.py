"""The states of a message; it ends as delivered or undeliverable, and either outcome is published."""

from enum import StrEnum

from common.contracts.notifications.messages import MessageDelivered, MessageFailed
from common.kernel.lifecycle import ByClock, Lifecycle, Move, Stands
from notifications_service.letters.messages.refusals import MessageEnded


class State(StrEnum):
    """The state of a message."""

    AWAITING_CONTACT = "awaiting_contact"
    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"


ON_ITS_WAY = "only the outcome is published"

LIFECYCLE = Lifecycle(
    Move("queue", None, State.QUEUED, internal=ON_ITS_WAY),
    Move("await_contact", None, State.AWAITING_CONTACT, internal=ON_ITS_WAY),
    Move("address", State.AWAITING_CONTACT, State.QUEUED, internal=ON_ITS_WAY),
    Move("claim", (State.QUEUED, State.SENDING), State.SENDING, internal=ON_ITS_WAY),
    Move("deliver", State.SENDING, State.DELIVERED, MessageDelivered),
    Move("retry", State.SENDING, State.QUEUED, internal=ON_ITS_WAY),
    Move("give_up", (State.AWAITING_CONTACT, State.SENDING), State.UNDELIVERABLE, MessageFailed),
    Move("redeliver", State.UNDELIVERABLE, State.QUEUED, internal=ON_ITS_WAY),
    final={State.DELIVERED: MessageEnded},
    waits={
        State.AWAITING_CONTACT: ByClock("due_at"),
        State.QUEUED: ByClock("due_at"),
        State.SENDING: ByClock("due_at"),
        State.UNDELIVERABLE: Stands("it was given up; it may be sent again"),
    },
)
