"""Why a message cannot be had or moved."""

from common.errors import NotFound, Refused


class MessageNotFound(NotFound):
    """No such message, or not to the actor's organisation."""

    code = "message-not-found"
    zh = "未找到消息 {key}。"
    en = "There is no message {key}."


class MessageEnded(Refused):
    """The message has been delivered or given up."""

    code = "message-ended"
    zh = "该消息已送达或已终止投递。"
    en = "The message has been delivered or given up."
