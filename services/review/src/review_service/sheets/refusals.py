"""Why a sheet cannot be had or filled in."""

from common.errors import NotFound, Refused


class SheetNotFound(NotFound):
    """No such sheet, or not this expert's."""

    code = "sheet-not-found"
    zh = "未找到评分表 {key}。"
    en = "There is no score sheet {key}."


class SheetAlreadySubmitted(Refused):
    """A sheet that was handed in is sealed."""

    code = "sheet-already-submitted"
    zh = "评分表已提交并封存，不能再改。"
    en = "The score sheet has been handed in and is sealed."


class SheetIncomplete(Refused):
    """A sheet is handed in whole: one score per indicator."""

    code = "sheet-incomplete"
    zh = "尚有指标未评分：{missing}。"
    en = "Some indicators have no score yet: {missing}."


class SheetVoid(Refused):
    """The application has been withdrawn; its sheets are void."""

    code = "sheet-void"
    zh = "该申报已撤回，无需评分。"
    en = "The application was withdrawn; there is nothing to score."
