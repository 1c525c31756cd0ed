"""`/v1/contacts`: whom to write to."""

from datetime import datetime

from common.text import EmailAddress, ShortText
from common.web.router import ANYONE, Router, Work
from common.web.strict import Resource, Schema
from notifications_service.contacts.commands import name_contact
from notifications_service.contacts.storage import contacts

router = Router("contacts")


class NewContact(Schema):
    """A person to write to on behalf of an organisation."""

    org: ShortText
    name: ShortText
    email: EmailAddress


class ContactView(Resource):
    """An organisation's contact; `id` is the organisation."""

    id: str
    name: str
    email: str
    changed_at: datetime


@router.command(allow=ANYONE)
async def put_contact_person(body: NewContact, work: Work) -> ContactView:
    """Name or replace your organisation's contact; messages that waited for one are sent."""
    return ContactView.model_validate(await work.stored(name_contact(work, **body.model_dump())))


@router.query("/{org}", allow=ANYONE)
async def read_contact(org: str, work: Work) -> ContactView:
    """Read your organisation's contact."""
    return ContactView.model_validate(await work.read(contacts, org))
