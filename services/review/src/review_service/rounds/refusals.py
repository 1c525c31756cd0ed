"""Why a round cannot be had."""

from common.errors import NotFound


class RoundUnknown(NotFound):
    """The review has not been told of such a round."""

    code = "round-unknown"
    zh = "评审服务尚未收到届次 {key}。"
    en = "The review has not been told of the round {key}."
