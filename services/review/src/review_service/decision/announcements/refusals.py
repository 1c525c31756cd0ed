"""The refusals of reading or publishing an announcement."""

from common.kernel.errors import Conflict, Invalid, NotFound


class AnnouncementNotFound(NotFound):
    """There is no such announcement."""

    code = "announcement-not-found"
    zh = "未找到公告 {key}。"
    en = "There is no announcement {key}."


class EffectiveOutsideTerm(Invalid):
    """An announcement takes effect on the day of its publication or within two years after it."""

    code = "effective-outside-term"
    pointer = "/effective_on"
    zh = "生效日期须在公告发布之日 {first_on} 至 {last_on} 之间。"
    en = "An announcement takes effect between the day of its publication, {first_on}, and {last_on}."


class DocumentNumberTaken(Conflict):
    """Another announcement has this document number."""

    code = "document-number-taken"
    zh = "该文号已用于另一公告。"
    en = "Another announcement has this document number."
