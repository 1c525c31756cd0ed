"""Why a message cannot be had or moved."""

from common.errors import NotFound, Refused


class MessageNotFound(NotFound):
    """No such message, or not to the actor's organisation."""

    code = "message-not-found"
    zh = "未找到消息 {key}。"
    en = "There is no message {key}."


class MessageEnded(Refused):
    """The message has been delivered."""

    code = "message-ended"
    zh = "该消息已送达。"
    en = "The message has been delivered."


class ContactNotNamed(Refused):
    """The organisation has named nobody to write to."""

    code = "contact-not-named"
    zh = "{org} 尚未登记联系人，无法投递。"
    en = "{org} has named nobody to write to."
