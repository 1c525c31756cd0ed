"""Why an application cannot be had, changed or handed in."""

from common.errors import Conflict, Invalid, NotAllowed, NotFound, Refused


class ApplicationNotFound(NotFound):
    """No such application, or not one of the actor's."""

    code = "application-not-found"
    zh = "未找到申报 {key}。"
    en = "There is no application {key}."


class ApplicationOverlaps(Conflict):
    """The applicant has a live application for the same item in this round."""

    code = "application-overlaps"
    zh = "本届已有同一申报项目的申报，不能重复申报。"
    en = "This item has been applied for in this round already."


class ApplicationIncomplete(Invalid):
    """The form or the materials lack what the programme demands; `problems` names each place."""

    code = "application-incomplete"
    zh = "申报内容有 {count} 处不符合方案要求。"
    en = "The application breaks the programme's demands in {count} places."


class ApplicationNotEligible(Refused):
    """A rule of the programme that lets no application pass."""

    code = "application-not-eligible"
    zh = "不符合申报条件：{rules}。"
    en = "The rules of the programme do not admit this application: {rules}."


class ApplicantNotRegistered(Refused):
    """The organisation has not registered as an applicant."""

    code = "applicant-not-registered"
    zh = "贵单位尚未登记为申报单位。"
    en = "Your organisation is not registered as an applicant yet."


class ApplicantKindNotAdmitted(Refused):
    """The programme admits other kinds of applicants."""

    code = "applicant-kind-not-admitted"
    zh = "本荣誉不接受此类申报单位。"
    en = "This honour does not admit applicants of your kind."


class AttachmentNotFound(NotFound):
    """The application has no attachment with this digest."""

    code = "attachment-not-found"
    zh = "该申报没有附件 {key}。"
    en = "The application has no attachment {key}."


class MaterialUnknown(Invalid):
    """The programme asks for no material of this kind, or not in this form."""

    code = "material-unknown"
    pointer = "/kind"
    zh = "方案未要求此种材料，或文件格式不符。"
    en = "The programme asks for no such material, or not in this format."


class ItemChanged(Invalid):
    """A supplement completes what was recommended; another item is another application."""

    code = "item-changed"
    pointer = "/answers"
    zh = "补正不能更换申报项目。"
    en = "A supplement cannot put another item in the place of the one applied for."


class NotYourLevel(NotAllowed):
    """The recommendation chain is at another level now."""

    code = "not-your-level"
    zh = "当前应由{level}级推荐单位处理。"
    en = "The application waits for the recommender at the level '{level}'."


class SupplementAskedOnce(Refused):
    """A supplement can be asked for once."""

    code = "supplement-asked-once"
    zh = "补正只能要求一次。"
    en = "A supplement can be requested only once."


class SupplementOverdue(Refused):
    """The day by which the supplement was due has passed."""

    code = "supplement-overdue"
    zh = "补正期限 {due_on} 已过。"
    en = "The supplement was due by {due_on}."


class ApplicationClosed(Refused):
    """The application has ended; nothing follows."""

    code = "application-closed"
    zh = "该申报已终结，不能再处理。"
    en = "The application has ended; nothing more can be done with it."


class RecognitionStands(Refused):
    """The review has been completed; the registry's exit applies."""

    code = "recognition-stands"
    zh = "评审已有结论，不能撤回申报；如需退出请向登记机构申请注销。"
    en = "The review has concluded; a title is given up through the registry."
