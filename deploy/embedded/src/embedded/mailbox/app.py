"""The mailbox's pages and its list for programs: `/mailbox`, `/mailbox/{id}`, `/mailbox/{id}.eml`, `/mailbox.json`."""

import asyncio
from datetime import datetime
from typing import Annotated, Final

from fastapi import FastAPI, Query, Response
from pydantic import BaseModel

from common.web.answers.files import download_headers
from common.web.site import Site
from embedded.mailbox.mail import Mail
from embedded.mailbox.store import MailStore
from embedded.pages.rendering import PAGES

_PAGE: Final = 50
Recipient = Annotated[str, Query(max_length=200)]
Before = Annotated[str | None, Query(max_length=64)]


class MailEntry(BaseModel):
    """One mail in the list; `copies` is the number of mails with its Message-ID."""

    id: str
    message_id: str
    received_at: datetime
    sender: str
    recipients: list[str]
    subject: str
    copies: int


class MailList(BaseModel):
    """Mails, newest first. `total` and `distinct` (by Message-ID) count all that match, not only this page."""

    items: list[MailEntry]
    total: int
    distinct: int
    next_before: str | None


def mailbox_app(store: MailStore) -> FastAPI:
    """Return the mailbox's application, mounted under `/mailbox` and `/mailbox.json`."""
    app = Site("Mingpai demo mailbox")

    @app.get("/mailbox.json")
    async def mails(
        recipient: Recipient = "", before: Before = None, limit: Annotated[int, Query(ge=1, le=1000)] = 200
    ) -> MailList:
        found = await asyncio.to_thread(store.listing, recipient=recipient, before=before, limit=limit)
        items = [_entry(mail, found.copies[mail.id]) for mail in found.mails]
        return MailList(items=items, total=found.total, distinct=found.distinct, next_before=found.next)

    @app.get("/mailbox")
    async def mailbox(recipient: Recipient = "", before: Before = None) -> Response:
        found = await asyncio.to_thread(store.listing, recipient=recipient, before=before, limit=_PAGE)
        return PAGES.page("mailbox.html", found=found, recipient=recipient, first=before is None)

    @app.get("/mailbox/{mail_id}.eml")
    async def source(mail_id: str) -> Response:
        raw = await asyncio.to_thread(store.raw, mail_id)
        if raw is None:
            return PAGES.page("mail_missing.html", status_code=404)
        return Response(raw, media_type="message/rfc822", headers=download_headers(f"{mail_id}.eml"))

    @app.get("/mailbox/{mail_id}")
    async def mail(mail_id: str) -> Response:
        found = await asyncio.to_thread(store.mail, mail_id)
        if found is None:
            return PAGES.page("mail_missing.html", status_code=404)
        summary, content = found
        return PAGES.page("mail.html", mail=summary, content=content)

    return app


def _entry(mail: Mail, copies: int) -> MailEntry:
    return MailEntry(
        id=mail.id,
        message_id=mail.message_id,
        received_at=mail.received_at,
        sender=mail.sender,
        recipients=list(mail.recipients),
        subject=mail.subject,
        copies=copies,
    )
