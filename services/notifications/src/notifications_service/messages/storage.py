"""Who sees a message: the organisation it is addressed to, and the administrator."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, true

from common.actor import SYSTEM, Actor, Role
from common.storage.store import Store
from common.storage.work import Work
from notifications_service.contacts.model import Contact
from notifications_service.messages.lifecycle import State
from notifications_service.messages.model import PATIENCE, Message
from notifications_service.messages.refusals import MessageNotFound

BATCH = 10
"""How many mails are on their way at once; what is claimed is sent together, so that no mail outlives its lease."""


def visible(actor: Actor) -> ColumnElement[bool]:
    """One's own organisation's; the administrator sees all."""
    return true() if actor == SYSTEM or actor.has(Role.ADMINISTRATOR) else Message.org == actor.org


messages = Store(Message, not_found=MessageNotFound, visible=visible)


async def due(work: Work, at: datetime) -> Sequence[Message]:
    """Return the next mails to send: those queued whose time has come, and those whose sender's lease ran out."""
    waiting = Message.state.in_([State.QUEUED, State.SENDING])
    return await work.find(messages, waiting, Message.due_at <= at, limit=BATCH)


async def with_contact_now(work: Work) -> Sequence[tuple[Message, str]]:
    """Return messages that waited for a contact, with the address of the one that has been named since."""
    named = select(Contact.id)
    found = await work.find(messages, Message.state == State.AWAITING_CONTACT, Message.org.in_(named), limit=BATCH)
    rows = await work.rows(select(Contact.id, Contact.email).where(Contact.id.in_({each.org for each in found})))
    email = {row.id: row.email for row in rows}
    return [(message, email[message.org]) for message in found]


async def out_of_patience(work: Work, at: datetime) -> Sequence[Message]:
    """Return the messages for which nobody was named in time."""
    return await work.find(
        messages, Message.state == State.AWAITING_CONTACT, Message.created_at <= at - PATIENCE, limit=BATCH
    )
