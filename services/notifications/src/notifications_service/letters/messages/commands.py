"""The commands that write, address, claim, conclude and send messages again."""

from common.kernel.event import Event
from common.storage.work import Work
from notifications_service.letters.contacts.model import Contact
from notifications_service.letters.contacts.storage import contacts
from notifications_service.letters.messages.lifecycle import State
from notifications_service.letters.messages.model import Message
from notifications_service.letters.messages.outcomes import Outcome
from notifications_service.letters.messages.storage import due, messages, out_of_patience, with_contact_now
from notifications_service.letters.messages.wording import words


async def write_message(work: Work, *, event: Event, org: str) -> Message:
    """Write a mail to an organisation; without a contact it waits for one."""
    found = await work.find(contacts, Contact.org_key == org)
    subject, body = words(event)
    message = Message(
        id=work.new_id(Message),
        event_id=work.correlation.caused_by or work.correlation.id,
        event_type=type(event).__name__,
        org=org,
        email=found[0].email if found else None,
        subject=subject,
        body=body,
        state=State.QUEUED if found else State.AWAITING_CONTACT,
        created_at=work.system_now,
        due_at=work.system_now,
        request_id=work.correlation.id,
        traceparent=work.correlation.traceparent,
    )
    message.begin()
    return work.add(message)


async def claim_due(work: Work, *, lease: str) -> list[Message]:
    """Claim the next mails under a lease; first queue those that now have a contact, and give up the overdue ones."""
    for message, email in await with_contact_now(work):
        message.address(email, at=work.system_now)
    for message in await out_of_patience(work, work.system_now):
        message.expire()
    await work.flush()
    found = await due(work, work.system_now)
    for message in found:
        message.claim(lease, at=work.system_now)
    return [message for message in found if message.state is State.SENDING]


async def conclude(work: Work, message_id: str, *, lease: str, failure: Outcome | None) -> None:
    """Record the result of a sending."""
    message = await work.get(messages, message_id)
    if failure is None:
        message.deliver(lease, at=work.system_now)
    else:
        message.fail(lease, outcome=failure, at=work.system_now)


async def redeliver_message(work: Work, message_id: str, *, version: int | None) -> Message:
    """Queue again a message that was given up."""
    message = await work.get(messages, message_id, version=version)
    found = await work.find(contacts, Contact.org_key == message.org)
    message.redeliver(found[0].email if found else None, at=work.system_now)
    return message
