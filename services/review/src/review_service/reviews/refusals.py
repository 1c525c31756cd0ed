"""Why a review cannot be had or moved."""

from common.errors import NotFound, Refused


class ReviewNotFound(NotFound):
    """No such review, or not one that the actor may see."""

    code = "review-not-found"
    zh = "未找到评审 {key}。"
    en = "There is no review {key}."


class ReviewConcluded(Refused):
    """The review has its outcome, which is never undone."""

    code = "review-concluded"
    zh = "评审已有结论，不可更改。"
    en = "The review has concluded; its outcome stands."


class ReviewRemoved(Refused):
    """The application was withdrawn."""

    code = "review-removed"
    zh = "该申报已撤回，评审终止。"
    en = "The application was withdrawn; its review has ended."
