"""A message is visible to the organisation that receives it, and to the administrator."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, select, true

from common.codes.organisations import spoken_for
from common.kernel.actor import Actor, Role
from common.storage.store import Store
from common.storage.work import Work
from notifications_service.letters.contacts.model import Contact
from notifications_service.letters.messages.lifecycle import State
from notifications_service.letters.messages.model import PATIENCE, Message
from notifications_service.letters.messages.outcomes import SERVER_REASONS
from notifications_service.letters.messages.refusals import MessageNotFound

BATCH = 10
"""How many mails are claimed at once; they are sent at the same time, so that none is sent after its lease ended."""


def visible(actor: Actor) -> ColumnElement[bool]:
    """An actor sees the messages to the organisation that he speaks for; the administrator sees all."""
    if actor.has(Role.ADMINISTRATOR):
        return true()
    org = spoken_for(actor)
    return false() if org is None else Message.org_key == org


messages = Store(Message, not_found=MessageNotFound, visible=visible)


async def due(work: Work, at: datetime) -> Sequence[Message]:
    """Return the next mails to send: those queued whose time has come, and those whose sender's lease ran out."""
    waiting = Message.state.in_([State.QUEUED, State.SENDING])
    return await work.find(messages, waiting, Message.due_at <= at, limit=BATCH)


async def refused_by_server(work: Work) -> tuple[int, str | None]:
    """Return how many mails wait because the mail server refuses us, and the reason of one of them."""
    reason = Message.reason
    waiting = select(func.count(), func.min(reason)).where(
        Message.state == State.QUEUED, reason.startswith(SERVER_REASONS, autoescape=True)
    )
    ((count, example),) = await work.rows(waiting)
    return count, example


async def with_contact_now(work: Work) -> Sequence[tuple[Message, str]]:
    """Return messages that waited for a contact, with the address of the one that has been named since."""
    named = select(Contact.org_key)
    found = await work.find(messages, Message.state == State.AWAITING_CONTACT, Message.org_key.in_(named), limit=BATCH)
    rows = await work.rows(
        select(Contact.org_key, Contact.email).where(Contact.org_key.in_({each.org_key for each in found}))
    )
    email = {row.org_key: row.email for row in rows}
    return [(message, email[message.org_key]) for message in found]


async def out_of_patience(work: Work, at: datetime) -> Sequence[Message]:
    """Return the messages whose organisation named no contact in time."""
    return await work.find(
        messages, Message.state == State.AWAITING_CONTACT, Message.created_at <= at - PATIENCE, limit=BATCH
    )
