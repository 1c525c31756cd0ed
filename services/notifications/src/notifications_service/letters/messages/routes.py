"""`/v1/messages`: the messages to your organisation with their outcome, and sending one again."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field
from sqlalchemy import select

from common.kernel.actor import ANYONE
from common.kernel.text import Id, TypedText
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.resources import Stateful
from common.web.router import IfMatch, Router, Work
from notifications_service.letters.messages import commands
from notifications_service.letters.messages.lifecycle import LIFECYCLE, State
from notifications_service.letters.messages.model import Message
from notifications_service.letters.messages.storage import messages, visible

router = Router("messages", lifecycle=LIFECYCLE, store=messages)


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


@router.command("/{message_id}/redeliveries", allow={"administrator"}, action="redeliver", shows=MessageView)
async def redeliver_message(message_id: Id, work: Work, version: IfMatch) -> Message:
    """Have a message that was given up sent again, to the contact that its organisation names now."""
    return await commands.redeliver_message(work, message_id, version=version)


@router.query(allow=ANYONE, lists=MessageView)
async def list_messages(
    work: Work,
    paging: Paging,
    org: Annotated[TypedText | None, Query()] = None,
    state: Annotated[list[State] | None, Query()] = None,
) -> Listed:
    """List the messages to your organisation, newest first."""
    table = Message.__table__.c
    statement = where_given(
        select(Message.__table__).where(visible(work.actor)), (table.org_key, org), (table.state, state)
    )
    sortable = {"created_at": table.created_at}
    return await page(work, statement, paging, sortable=sortable, sort="-created_at", key=table.id)


@router.query("/{message_id}", allow=ANYONE, shows=MessageView)
async def read_message(message_id: Id, work: Work) -> Found:
    """Read one message."""
    return await work.read(messages, message_id)
