"""The refusals of reading a holder."""

from common.kernel.errors import NotFound


class HolderNotFound(NotFound):
    """The organisation has never had a title."""

    code = "holder-not-found"
    zh = "{key} 未曾获得称号。"
    en = "{key} never held a title."
