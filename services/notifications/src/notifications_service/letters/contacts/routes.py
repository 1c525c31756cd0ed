"""`/v1/contacts`: the contacts of organisations."""

from datetime import datetime

from common.codes.mail_address import EmailAddress
from common.codes.organisations import Addressee
from common.kernel.actor import ANYONE
from common.kernel.text import ShortText, TypedText
from common.storage.work import Found
from common.web.input.strict import Schema
from common.web.resources import Resource
from common.web.router import Router, Work
from notifications_service.letters.contacts import commands
from notifications_service.letters.contacts.model import Contact
from notifications_service.letters.contacts.storage import contacts

router = Router("contacts")


class NewContact(Schema):
    """The person who receives an organisation's messages; an expert, named `expert:` and his subject, has his own."""

    org: Addressee
    name: ShortText
    email: EmailAddress


class ContactView(Resource):
    """An organisation's contact; `id` is the organisation."""

    id: str
    name: str
    email: str
    changed_at: datetime


@router.command(allow=ANYONE, shows=ContactView)
async def name_contact(body: NewContact, work: Work) -> Contact:
    """Name or replace your organisation's contact, as an expert your own; messages that waited for one are sent."""
    return await commands.name_contact(work, **body.model_dump())


@router.query("/{org}", allow=ANYONE, shows=ContactView)
async def read_contact(org: TypedText, work: Work) -> Found:
    """Read your organisation's contact."""
    return await work.read(contacts, org)
