"""Why there are no rules."""

from common.errors import NotFound


class RulesUnknown(NotFound):
    """The service has not been told of such an edition."""

    code = "rules-unknown"
    zh = "本服务尚未收到方案版本 {key}。"
    en = "This service has not been told of the programme edition {key}."
