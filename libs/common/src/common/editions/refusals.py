"""The refusal for an unknown programme edition."""

from common.kernel.errors import NotFound


class RulesUnknown(NotFound):
    """The service has not received such an edition."""

    code = "rules-unknown"
    zh = "本服务尚未收到方案版本 {key}。"
    en = "This service has not received the programme edition {key} yet."
