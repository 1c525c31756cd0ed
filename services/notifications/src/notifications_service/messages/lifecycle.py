"""The states of a message; it comes to rest delivered or undeliverable, never in silence."""

from enum import StrEnum

from common.contracts.notifications import MessageDelivered, MessageFailed
from common.lifecycle import Lifecycle, Move
from notifications_service.messages.refusals import MessageEnded


class State(StrEnum):
    """Where a message stands."""

    AWAITING_CONTACT = "awaiting_contact"
    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"


ON_ITS_WAY = "only how it ends is told"

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
)
