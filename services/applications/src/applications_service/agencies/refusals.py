"""Why an agency cannot be had or entered."""

from common.errors import Conflict, NotFound


class AgencyNotFound(NotFound):
    """No agency has this code."""

    code = "agency-not-found"
    zh = "未找到机构 {key}。"
    en = "There is no agency {key}."


class AgencyCodeTaken(Conflict):
    """Another agency has this code."""

    code = "agency-code-taken"
    zh = "机构代码已被使用。"
    en = "Another agency has this code."
