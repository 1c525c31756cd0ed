"""Why an applicant cannot be had or registered."""

from common.errors import Conflict, NotAllowed, NotFound


class ApplicantNotFound(NotFound):
    """No such applicant, or not the actor's own."""

    code = "applicant-not-found"
    zh = "未找到申报单位 {key}。"
    en = "There is no applicant {key}."


class ApplicantAlreadyRegistered(Conflict):
    """The USCC is registered already."""

    code = "applicant-already-registered"
    zh = "该统一社会信用代码已登记。"
    en = "This USCC is registered already."


class NotYourOrganisation(NotAllowed):
    """One registers and speaks only for one's own organisation."""

    code = "not-your-organisation"
    zh = "只能为本单位办理。"
    en = "You can act only for your own organisation."
