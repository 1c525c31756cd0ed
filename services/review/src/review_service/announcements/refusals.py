"""Why an announcement cannot be had or published."""

from common.errors import Conflict, NotFound


class AnnouncementNotFound(NotFound):
    """No such announcement."""

    code = "announcement-not-found"
    zh = "未找到公告 {key}。"
    en = "There is no announcement {key}."


class DocumentNumberTaken(Conflict):
    """Another announcement has this document number."""

    code = "document-number-taken"
    zh = "该文号已用于另一公告。"
    en = "Another announcement has this document number."
