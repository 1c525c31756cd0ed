"""Why an objection cannot be had, filed or answered."""

from common.errors import Invalid, NotFound, Refused


class ObjectionNotFound(NotFound):
    """No such objection, or not one that the actor may see."""

    code = "objection-not-found"
    zh = "未找到异议 {key}。"
    en = "There is no objection {key}."


class ObjectionAnswered(Refused):
    """An objection is answered once."""

    code = "objection-answered"
    zh = "该异议已有处理结论。"
    en = "The objection has been answered."


class NotOnNotice(Invalid):
    """One objects to a case that is on notice."""

    code = "not-on-notice"
    pointer = "/application_id"
    zh = "该申报不在本次公示之列。"
    en = "This application is not on the notice."


class RealNameNeeded(Invalid):
    """The programme takes objections under a real name only."""

    code = "real-name-needed"
    pointer = "/real_name"
    zh = "本方案只受理实名异议。"
    en = "This programme takes objections under a real name only."


class ObjectionOpen(Refused):
    """The list is deliberated when every objection has been answered."""

    code = "objection-open"
    zh = "尚有 {count} 项异议未处理完毕。"
    en = "{count} objections have not been answered yet."
