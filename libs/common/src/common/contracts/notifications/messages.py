"""The events about messages (通知); they are published on the internal topic only."""

from pydantic import Field

from common.contracts.fields import Key, Organisation
from common.kernel.event import Audience, Event


class MessageEvent(Event, service="notifications", audience=Audience.INTERNAL, subject="message_id"):
    """What all events about a message (通知) carry."""

    message_id: Key = Field(description="The id of the message.", examples=["msg_01506b3a-7c00-7000-8000-00000000000b"])
    event_id: Key = Field(
        description="The id of the event that the message is about.", examples=["01506b3a-7c00-7000-8000-00000000000c"]
    )
    org: Organisation = Field(
        description="The organisation written to: a unified social credit code or an agency code.",
        examples=["91370102MA0000001W"],
    )
    message_key: str = Field(
        max_length=400,
        description="The stable Message-ID of the mail, the same at every try.",
        examples=["<msg_01506b3a-7c00-7000-8000-00000000000b@mingpai.example>"],
    )


class MessageDelivered(MessageEvent):
    """通知送达: the receiver's mail server took the message."""


class MessageFailed(MessageEvent):
    """通知失败: the message could not be delivered and is not tried again by itself."""

    reason: Key = Field(description="The code of the reason.", examples=["mailbox-unavailable"])
