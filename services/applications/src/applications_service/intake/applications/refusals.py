"""The refusals of reading, changing or submitting an application."""

from common.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused


class ApplicationNotFound(NotFound):
    """There is no such application, or it is not one of the actor's."""

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
    """A rule of the programme excludes the application."""

    code = "application-not-eligible"
    zh = "不符合申报条件：{rules}。"
    en = "The rules of the programme do not admit this application: {rules}."


class RulesUndecided(Refused):
    """The facts do not decide a rule of the programme, so the officer must say whether it holds, and why."""

    code = "rules-undecided"
    zh = "以下申报条件无法自动判定，受理时须逐条认定并说明理由：{rules}（{codes}）。"
    en = "The facts do not decide these rules; the acceptance must decide each and give a reason: {rules} ({codes})."


class DecisionNotAsked(Invalid):
    """A rule is decided by the facts, or is no rule of the programme, or is decided twice in one acceptance."""

    code = "decision-not-asked"
    pointer = "/decisions"
    zh = "以下条件无需认定，或重复认定：{rules}。"
    en = "These rules need no decision, or have two: {rules}."


class MovedOnce(Refused):
    """A recommender does not move on what was moved to him; the office decides where it belongs."""

    code = "moved-once"
    zh = "该申报已转办一次，如仍不属本地，请由领导小组办公室转办。"
    en = "The application has been moved once; only the office moves it again."


class OnThisDesk(Invalid):
    """A move goes to another division."""

    code = "on-this-desk"
    pointer = "/division"
    zh = "该申报已在 {division} 办理。"
    en = "The application is in the division {division} already."


class NobodyRecommendsThere(Invalid):
    """The chain of the programme has no stage for a division of this level."""

    code = "nobody-recommends-there"
    pointer = "/division"
    zh = "按本方案的推荐程序，{division} 无推荐单位。"
    en = "Under this programme nobody recommends for the division {division}."


class ApplicantNotRegistered(Refused):
    """The organisation has not registered as an applicant."""

    code = "applicant-not-registered"
    zh = "贵单位尚未登记为申报单位。"
    en = "Your organisation is not registered as an applicant yet."


class ApplicantKindNotAdmitted(Refused):
    """The programme admits other kinds of applicants."""

    code = "applicant-kind-not-admitted"
    zh = "本荣誉只接受以下申报单位：{admitted}。"
    en = "This honour admits these applicants only: {admitted}."


class AttachmentNotFound(NotFound):
    """The application has no attachment with this digest."""

    code = "attachment-not-found"
    zh = "该申报没有附件 {key}。"
    en = "The application has no attachment {key}."


class MaterialUnknown(Invalid):
    """The programme does not ask for a material of this kind."""

    code = "material-unknown"
    pointer = "/kind"
    zh = "方案未要求此种材料。"
    en = "The programme asks for no such material."


class TooManyAttachments(Refused):
    """An application has a limited number of attachments."""

    code = "too-many-attachments"
    zh = "一项申报最多可附 {limit} 份材料。"
    en = "An application has at most {limit} attachments."


class ItemChanged(Invalid):
    """A supplement must be for the recommended item; another item needs another application."""

    code = "item-changed"
    pointer = "/answers"
    zh = "补正不能更换申报项目。"
    en = "A supplement cannot put another item in the place of the one applied for."


class NotYourLevel(NotAllowed):
    """The application waits for another agency of the recommendation chain, or for the recognition body."""

    code = "not-your-level"
    zh = "该申报目前不在贵单位的推荐环节。"
    en = "The application does not wait for a recommendation at your level."


class DivisionUnconfirmed(Refused):
    """Nobody has confirmed that the applicant belongs to its division; its recommender confirms it or returns it."""

    code = "division-unconfirmed"
    zh = "申报单位所属行政区划 {division} 尚未确认；属实的请在推荐时确认，不属实的请退回。"
    en = "The applicant's division {division} is not confirmed: confirm it with the recommendation, or return it."


class SupplementLimitReached(Refused):
    """A supplement can be asked for as often as the programme says."""

    code = "supplement-limit-reached"
    zh = "方案允许要求补正的次数已用完。"
    en = "As many supplements as the programme allows have been requested."


class SupplementOverdue(Refused):
    """The day by which the supplement was due has passed."""

    code = "supplement-overdue"
    zh = "补正期限 {due_on} 已过。"
    en = "The supplement was due by {due_on}."


class NotOverdueYet(Refused):
    """The recognition body decides in the applicant's place only after his term has passed."""

    code = "not-overdue-yet"
    zh = "期限尚未届满，不能办理。"
    en = "The term has not passed yet."


class SupplementExtendedOnce(Refused):
    """An overdue supplement is extended once."""

    code = "supplement-extended-once"
    zh = "补正期限只能延长一次。"
    en = "A supplement is extended once only."


class NothingEscalated(Refused):
    """Only what has come up from a silent recommender is handed back to him."""

    code = "nothing-escalated"
    zh = "该申报不是逾期上移的，不能退回原级。"
    en = "The application did not come up from a silent recommender."


class RecommendationLimitReached(Refused):
    """The programme limits how many applications one agency recommends in a round."""

    code = "recommendation-limit-reached"
    zh = "本届推荐名额为 {limit} 项，已经用完。"
    en = "You may recommend {limit} applications in this round, and have."


class ApplicationClosed(Refused):
    """The application has ended; no action is possible any more."""

    code = "application-closed"
    zh = "该申报已终结，不能再处理。"
    en = "The application has ended; nothing more can be done with it."


class RecognitionStands(Refused):
    """The review has been completed; from now on only the registry can end the title."""

    code = "recognition-stands"
    zh = "评审已有结论，不能撤回申报；如需退出请向登记机构申请注销。"
    en = "The review has concluded; a title is given up through the registry."
