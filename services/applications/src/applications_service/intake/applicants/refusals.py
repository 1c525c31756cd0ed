"""The refusals of reading, registering or changing an applicant."""

from common.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused


class ApplicantNotFound(NotFound):
    """There is no such applicant, or it is not the actor's own."""

    code = "applicant-not-found"
    zh = "未找到申报单位 {key}。"
    en = "There is no applicant {key}."


class ApplicantAlreadyRegistered(Conflict):
    """The code is registered already."""

    code = "applicant-already-registered"
    zh = "该单位已登记。"
    en = "This applicant is registered already."


class UsccMissing(Invalid):
    """An applicant whose account has a USCC registers under it."""

    code = "uscc-missing"
    pointer = "/uscc"
    zh = "贵单位有统一社会信用代码，须以该代码登记。"
    en = "Your account has a unified social credit code; register with it."


class PlaceTooWide(Invalid):
    """An applicant must belong to a county or a city, because no agency recommends for a whole province."""

    code = "place-too-wide"
    pointer = "/division"
    zh = "申报单位所在地须为县（市、区）或设区的市。"
    en = "An applicant's place is a county or a city, not a province."


class NothingCorrected(Refused):
    """A correction changes the name or the division."""

    code = "nothing-corrected"
    zh = "名称和所在地均未变更。"
    en = "Neither the name nor the division is another one."


class ChangeDayWrong(Invalid):
    """A change that the registration authority recorded has happened already, and after the one before it."""

    code = "change-day-wrong"
    pointer = "/changed_on"
    zh = "变更日期不得晚于今天，也不得早于上一次变更之日。"
    en = "The change happened today or before, and not before the last one."


class ApplicantMerged(Refused):
    """An applicant that was merged into another has ended; the other one applies and is corrected in its place."""

    code = "applicant-merged"
    zh = "该单位已于 {merged_on} 并入 {into}，请以后者办理。"
    en = "This applicant was merged into {into} on {merged_on}; act for that one."


class MergedIntoItself(Invalid):
    """An applicant is merged into another one."""

    code = "merged-into-itself"
    pointer = "/into"
    zh = "合并后的存续单位须为另一单位。"
    en = "The applicant that remains is another one."


class ApplicantUnderReview(Refused):
    """What is under review keeps the name and division under which it was accepted, and so does its applicant."""

    code = "applicant-under-review"
    zh = "该单位的申报正在评审，评审终结前不得更正名称和所在地。"
    en = "A case of this applicant is under review; its name and division are corrected before the acceptance only."


class ApplicantHasTitle(Refused):
    """The name of a holder is part of the register; a mistake in it is no longer the applicant's alone."""

    code = "applicant-has-title"
    zh = "该单位已获认定，名称和所在地不再作更正。"
    en = "This applicant has been recognised; its name and division are no longer corrected."


class DivisionNotYours(Invalid):
    """The token says to which division the organisation belongs; it cannot choose another one."""

    code = "division-not-yours"
    pointer = "/division"
    zh = "所在地须与贵单位账户所属行政区划 {division} 一致。"
    en = "Your account belongs to the division {division}; the applicant must be of the same one."


class NotYourOrganisation(NotAllowed):
    """An actor may register and act only for his own organisation."""

    code = "not-your-organisation"
    zh = "只能为本单位办理。"
    en = "You can act only for your own organisation."
