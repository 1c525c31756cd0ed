"""Why an act cannot be had, proposed or decided."""

from common.errors import Invalid, NotAllowed, NotFound, Refused


class ActNotFound(NotFound):
    """No such act, or not one that the actor may see."""

    code = "act-not-found"
    zh = "未找到处置 {key}。"
    en = "There is no act {key}."


class ActDecided(Refused):
    """An act is decided once."""

    code = "act-decided"
    zh = "该处置已有决定。"
    en = "The act has been decided."


class ActLapsed(Refused):
    """What was proposed became impossible before anybody decided it."""

    code = "act-lapsed"
    zh = "该品牌称号的状态已变，此项处置提议已失效。"
    en = "The brand's state has changed since; the proposal has lapsed."


class ApprovedByAnotherPerson(NotAllowed):
    """Who proposes does not approve."""

    code = "approved-by-another-person"
    zh = "处置须由提出人以外的人批准。"
    en = "An act is approved by another person than the one who proposed it."


class GroundsUnknown(Invalid):
    """The programme knows no such ground for this act."""

    code = "grounds-unknown"
    pointer = "/grounds"
    zh = "方案未规定以“{grounds}”为由作出该处置。"
    en = "The programme gives '{grounds}' as no ground for this act."


class EffectiveInFuture(Invalid):
    """An act counts from its day at the latest when it is recorded."""

    code = "effective-in-future"
    pointer = "/effective_on"
    zh = "生效日期不得晚于今日 {today}。"
    en = "The effective date must not be later than today, {today}."


class EffectiveBeforeTitle(Invalid):
    """Nothing can count before the title itself."""

    code = "effective-before-title"
    pointer = "/effective_on"
    zh = "生效日期不得早于称号生效日期 {effective_on}。"
    en = "The effective date must not be earlier than the title's own, {effective_on}."
