"""Why an applicant cannot be had or registered."""

from common.errors import Conflict, Invalid, NotAllowed, NotFound


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


class PlaceTooWide(Invalid):
    """An applicant lies in a county or a city: nobody recommends for a whole province."""

    code = "place-too-wide"
    pointer = "/division"
    zh = "申报单位所在地须为县（市、区）或设区的市。"
    en = "An applicant's place is a county or a city, not a province."


class NotYourOrganisation(NotAllowed):
    """One registers and speaks only for one's own organisation."""

    code = "not-your-organisation"
    zh = "只能为本单位办理。"
    en = "You can act only for your own organisation."
