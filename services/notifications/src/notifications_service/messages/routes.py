"""`/v1/messages`: what was written to your organisation, how it ended, and sending it again."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field
from sqlalchemy import select

from common.text import ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import ANYONE, IfMatch, Router, Stateful, Work
from notifications_service.messages.commands import redeliver_message
from notifications_service.messages.lifecycle import LIFECYCLE, State
from notifications_service.messages.model import Message
from notifications_service.messages.storage import messages, visible

router = Router("messages", lifecycle=LIFECYCLE)


class MessageView(Stateful):
    """A message without its address."""

    id: str
    event_id: str
    event_type: str
    org: str
    subject: str = Field(examples=["申报已受理"])
    body: str
    state: State
    attempts: int
    created_at: datetime
    delivered_at: datetime | None
    reason: str | None


@router.command("/{message_id}/redeliveries", allow={"administrator"}, action="redeliver")
async def redeliver(message_id: str, work: Work, version: IfMatch) -> MessageView:
    """Have a message that was given up sent again, to the contact that its organisation names now."""
    message = await work.stored(redeliver_message(work, message_id, version=version))
    return router.shown(MessageView, message, work.actor)


@router.query(allow=ANYONE)
async def list_messages(
    work: Work,
    paging: Paging,
    org: Annotated[ShortText | None, Query()] = None,
    state: Annotated[list[State] | None, Query()] = None,
) -> Page[MessageView]:
    """List the messages to your organisation, newest first."""
    table = Message.__table__.c
    statement = select(Message.__table__).where(visible(work.actor))
    if org is not None:
        statement = statement.where(table.org == org)
    if state:
        statement = statement.where(table.state.in_(state))
    sortable = {"created_at": table.created_at}
    return await page(work, statement, paging, MessageView, sortable=sortable, sort="-created_at", key=table.id)


@router.query("/{message_id}", allow=ANYONE)
async def read_message(message_id: str, work: Work) -> MessageView:
    """Read one message."""
    return router.shown(MessageView, await work.read(messages, message_id), work.actor)
