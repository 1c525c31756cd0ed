"""The refusals of reading or changing a review."""

from common.kernel.errors import NotFound, Refused


class ReviewNotFound(NotFound):
    """There is no such review, or the actor may not see it."""

    code = "review-not-found"
    zh = "未找到评审 {key}。"
    en = "There is no review {key}."


class ReviewConcluded(Refused):
    """The review has its outcome, which is never undone."""

    code = "review-concluded"
    zh = "评审已有结论，不可更改。"
    en = "The review has concluded; its outcome stands."


class ReviewWithdrawn(Refused):
    """The application was withdrawn."""

    code = "review-withdrawn"
    zh = "该申报已撤回，评审终止。"
    en = "The application was withdrawn; its review has ended."


class NoSeatVacant(Refused):
    """Every seat of the panel is taken."""

    code = "no-seat-vacant"
    zh = "评审组没有空缺席位。"
    en = "No seat of the panel is vacant."


class ReviewOnHold(Refused):
    """A case that is held waits for its release or its removal."""

    code = "review-on-hold"
    zh = "申报 {application_id} 已暂缓办理，解除暂缓后方可继续。"
    en = "The office holds the application {application_id}; it goes on after its release."


class ReviewNotOnHold(Refused):
    """Only a case that is held can be released."""

    code = "review-not-on-hold"
    zh = "该申报未被暂缓办理。"
    en = "The case is not held."


class NoticeNotEnded(Refused):
    """Nobody is recognised before the day after the notice that showed him."""

    code = "notice-not-ended"
    zh = "申报 {application_id} 未经公示或者公示期未满，不能认定。"
    en = "The application {application_id} has not been on a notice that has ended; it cannot be recognised."
