"""The refusals of reading or changing a message."""

from common.kernel.errors import NotFound, Refused


class MessageNotFound(NotFound):
    """There is no such message, or it is addressed to another organisation."""

    code = "message-not-found"
    zh = "未找到消息 {key}。"
    en = "There is no message {key}."


class MessageEnded(Refused):
    """The message has been delivered."""

    code = "message-ended"
    zh = "该消息已送达。"
    en = "The message has been delivered."


class ContactNotNamed(Refused):
    """The organisation has named no contact."""

    code = "contact-not-named"
    zh = "{org} 尚未登记联系人，无法投递。"
    en = "{org} has not named a contact."
