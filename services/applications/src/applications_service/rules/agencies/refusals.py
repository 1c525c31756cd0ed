"""The refusals of reading or adding an agency."""

from common.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class AgencyNotFound(NotFound):
    """No agency has this code."""

    code = "agency-not-found"
    zh = "未找到机构 {key}。"
    en = "There is no agency {key}."


class AgencyNotEntered(NotAllowed):
    """Only an agency that has been entered decides, and only for its own division."""

    code = "agency-not-entered"
    zh = "贵机构 {org} 尚未登记为您账户所属行政区划的机构，不能办理推荐。"
    en = "Your organisation {org} has not been entered as an agency of your account's division."


class AgencyCodeTaken(Conflict):
    """Another agency has this code."""

    code = "agency-code-taken"
    zh = "机构代码已被使用。"
    en = "Another agency has this code."


class AgencyLevelUnfit(Invalid):
    """An agency of a county or city acts for a division of this level, every other kind for the province."""

    code = "agency-level-unfit"
    pointer = "/division"
    zh = "行政区划级别与机构类别不符：{kind} 须对应{level}一级的区划。"
    en = "The division's level does not fit the agency: {kind} needs a division at the level {level}."


class AgencyParentUnfit(Invalid):
    """The agency above another one has been entered, and is neither that agency itself nor below it."""

    code = "agency-parent-unfit"
    pointer = "/parent"
    zh = "上级机构 {parent} 尚未登记，或就是本机构或其下级机构。"
    en = "The agency above, {parent}, has not been entered, or is this agency itself or below it."
