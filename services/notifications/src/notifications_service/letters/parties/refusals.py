"""The refusals about the parties of a case."""

from common.kernel.errors import NotFound


class PartiesUnknown(NotFound):
    """The acceptance of the case has not been received."""

    code = "parties-unknown"
    zh = "尚未收到申报 {key} 的受理信息。"
    en = "This service has not received the parties of {key} yet."
