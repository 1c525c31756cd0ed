"""The refusals of reading, filling in or submitting a sheet."""

from typing import Self

from common.kernel.errors import FieldProblem, Invalid, NotFound, Refused


class SheetNotFound(NotFound):
    """There is no such sheet, or it is another expert's."""

    code = "sheet-not-found"
    zh = "未找到评分表 {key}。"
    en = "There is no score sheet {key}."


class SheetAlreadySubmitted(Refused):
    """A submitted sheet is sealed."""

    code = "sheet-already-submitted"
    zh = "评分表已提交并封存，不能再改。"
    en = "The score sheet has been handed in and is sealed."


class SheetIncomplete(Refused):
    """A sheet can be submitted only with a score for every indicator."""

    code = "sheet-incomplete"
    zh = "尚有指标未评分：{missing}。"
    en = "Some indicators have no score yet: {missing}."


class SheetVoid(Refused):
    """The sheet was declared void, or its application has been withdrawn."""

    code = "sheet-void"
    zh = "该评分表已作废，无需评分。"
    en = "The score sheet is void; there is nothing to score."


class SheetRecused(Refused):
    """The expert was recused from the case."""

    code = "sheet-recused"
    zh = "已回避该项申报，无需评分。"
    en = "You were recused from this case; there is nothing to score."


class SheetReplaced(Refused):
    """The expert did not submit the sheet in time and was replaced."""

    code = "sheet-replaced"
    zh = "评分表逾期未提交，已更换专家。"
    en = "The sheet was not submitted in time; another expert has taken the seat."


class SheetNotDue(Refused):
    """An expert is replaced only after the last day for his sheet."""

    code = "sheet-not-due"
    zh = "评分期限为 {due_on}，期满前不能更换专家。"
    en = "The sheet is due on {due_on}; its expert is not replaced before that day is over."


class GroundUnknown(Invalid):
    """The programme has no such ground of recusal."""

    code = "recusal-ground-unknown"
    pointer = "/ground"
    zh = "方案中没有回避事由“{ground}”。"
    en = "The programme has no ground of recusal '{ground}'."


class EvidenceUnknown(Invalid):
    """A remark refers to a file that is not an attachment of the case, or that this review withholds."""

    code = "evidence-unknown"
    zh = "所引证据不是该申报可供评审的材料。"
    en = "The evidence named is no material of this case that its experts read."

    @classmethod
    def at(cls, *pointers: str) -> Self:
        """Return the refusal of the evidence at these JSON pointers."""
        return cls(problems=[FieldProblem(pointer, cls.code, cls.zh, cls.en) for pointer in pointers])


class RemarkUnknown(Invalid):
    """A remark is about an indicator that is not scored."""

    code = "remark-unknown"
    zh = "评语所对应的指标不存在或不评分。"
    en = "A remark is about an indicator that does not exist or is not scored."

    @classmethod
    def at(cls, *pointers: str) -> Self:
        """Return the refusal of the remarks at these JSON pointers."""
        return cls(problems=[FieldProblem(pointer, cls.code, cls.zh, cls.en) for pointer in pointers])
