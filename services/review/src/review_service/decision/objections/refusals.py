"""The refusals of reading, filing or answering an objection."""

from common.kernel.errors import Invalid, NotAllowed, NotFound, Refused


class ObjectionNotFound(NotFound):
    """There is no such objection, or the actor may not see it."""

    code = "objection-not-found"
    zh = "未找到异议 {key}。"
    en = "There is no objection {key}."


class ObjectionAnswered(Refused):
    """An objection can be answered only once."""

    code = "objection-answered"
    zh = "该异议已有处理结论。"
    en = "The objection has been answered."


class NotOnNotice(Invalid):
    """The case is not on notice, so that nobody can object to it."""

    code = "not-on-notice"
    pointer = "/application_id"
    zh = "该申报不在本次公示之列。"
    en = "This application is not on the notice."


class RealNameNeeded(Invalid):
    """The programme accepts objections only under a real name."""

    code = "real-name-needed"
    pointer = "/real_name"
    zh = "本方案只受理实名异议。"
    en = "This programme takes objections under a real name only."


class ObjectionOpen(Refused):
    """No case is decided while an objection to it is open; a case on hold does not keep the others waiting."""

    code = "objection-open"
    zh = "名单上的申报尚有 {count} 项异议未处理完毕；可先处理，或者由领导小组办公室暂缓办理该申报。"
    en = "{count} objections to cases of the list are open: answer them, or have the office hold those cases."


class EvidenceMissing(Refused):
    """The programme accepts objections only with evidence."""

    code = "evidence-missing"
    zh = "本方案要求异议附证据材料；请先上传再提交。"
    en = "This programme takes objections with evidence only: attach it before you file."


class ObjectorOnly(NotAllowed):
    """Only the objector completes and files his objection."""

    code = "objector-only"
    zh = "只有异议人本人可以补充和提交该异议。"
    en = "Only the objector attaches to this objection and files it."


class OtherFirm(NotAllowed):
    """Only the firm that is objected to states its position."""

    code = "other-firm"
    zh = "只有被异议的申报单位可以陈述意见。"
    en = "Only the firm that is objected to states its position."


class NotGoneUp(Refused):
    """The office answers only what the recognition body has left unanswered."""

    code = "objection-not-gone-up"
    zh = "该异议仍由认定机构办理；逾期未办结并上移后，方由领导小组办公室办理。"
    en = "The recognition body deals with this objection; the office does when it has gone up unanswered."


class FirmNotAsked(Refused):
    """Nobody loses his place before he was asked for his position."""

    code = "firm-not-asked"
    zh = "认定异议成立前，须先听取被异议单位的意见。"
    en = "The firm is asked for its position before an objection to it is upheld."


class HearingRuns(Refused):
    """Without a statement, an objection is upheld only after the term of the hearing."""

    code = "hearing-runs"
    zh = "被异议单位可在 {due_on} 前陈述意见；收到意见或者期满后方可认定异议成立。"
    en = "The firm may state its position until {due_on}; the objection is upheld after its statement or that day."


class HearingOver(Refused):
    """The statement comes within the term."""

    code = "hearing-over"
    zh = "陈述意见的期限已于 {due_on} 届满。"
    en = "The term for the statement ended on {due_on}."
