"""Why a holder cannot be had."""

from common.errors import NotFound


class HolderNotFound(NotFound):
    """The organisation never held a title."""

    code = "holder-not-found"
    zh = "{key} 未曾获得称号。"
    en = "{key} never held a title."
