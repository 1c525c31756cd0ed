"""The refusals that rest on the register: a bar, another's title, and a title that nobody has registered."""

from common.kernel.errors import Conflict, NotFound, Refused


class HoldingNotFound(NotFound):
    """The service has received no such title."""

    code = "holding-not-found"
    zh = "本服务尚未收到称号 {key}。"
    en = "This service has not received the title {key}."


class ApplicantBarred(Refused):
    """A revocation bars the applicant until a day; until then it cannot be admitted or recognised."""

    code = "applicant-barred"
    zh = "申报单位的称号 {number} 被撤销，申报限制期至 {until_on}，期内不予受理和认定。"
    en = "The applicant's title {number} was revoked; it may not apply until after {until_on}."


class TitleHeldByAnother(Conflict):
    """Another organisation holds a live title for the same trademark and category."""

    code = "title-held-by-another"
    zh = "同一商标同类项目的称号 {number} 由其他单位持有，且未终止。"
    en = "Another organisation holds the live title {number} for the same trademark and category."
