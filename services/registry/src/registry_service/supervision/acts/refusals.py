"""The refusals of reading, proposing or deciding an act."""

from common.kernel.errors import Invalid, NotAllowed, NotFound, Refused


class ActNotFound(NotFound):
    """There is no such act, or the actor may not see it."""

    code = "act-not-found"
    zh = "未找到处置 {key}。"
    en = "There is no act {key}."


class ActDecided(Refused):
    """The act has already been approved or refused."""

    code = "act-decided"
    zh = "该处置已有决定。"
    en = "The act has been decided."


class ActLapsed(Refused):
    """The proposed act became impossible before it was decided."""

    code = "act-lapsed"
    zh = "该品牌称号的状态已变，此项处置提议已失效。"
    en = "The brand's state has changed since; the proposal has lapsed."


class ApprovedByAnotherPerson(NotAllowed):
    """The person who proposed an act must not approve it."""

    code = "approved-by-another-person"
    zh = "处置须由提出人以外的人批准。"
    en = "An act is approved by another person than the one who proposed it."


class GroundsUnknown(Invalid):
    """The programme does not allow this ground for this act."""

    code = "grounds-unknown"
    pointer = "/grounds"
    zh = "方案未规定以“{grounds}”为由作出该处置。"
    en = "The programme does not allow '{grounds}' as a ground for this act."


class EffectiveInFuture(Invalid):
    """An act must not take effect later than the day on which it is proposed."""

    code = "effective-in-future"
    pointer = "/effective_on"
    zh = "生效日期不得晚于今日 {today}。"
    en = "The effective date must not be later than today, {today}."


class EffectiveBeforeTitle(Invalid):
    """An act must not take effect before the title itself does."""

    code = "effective-before-title"
    pointer = "/effective_on"
    zh = "生效日期不得早于称号生效日期 {effective_on}。"
    en = "The effective date must not be earlier than the title's own, {effective_on}."
