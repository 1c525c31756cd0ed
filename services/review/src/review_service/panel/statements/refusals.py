"""The refusals of signing a statement, and of scoring without it."""

from common.kernel.errors import Conflict, NotFound, Refused


class StatementNotFound(NotFound):
    """There is no such statement, or it is another expert's."""

    code = "statement-not-found"
    zh = "未找到承诺书 {key}。"
    en = "There is no statement {key}."


class StatementAlreadySigned(Conflict):
    """The expert has signed the statement of this round."""

    code = "statement-already-signed"
    zh = "本届承诺书已签署。"
    en = "You have signed the statement of this round already."


class StatementUnsigned(Refused):
    """An expert scores only after he has signed the round's statement."""

    code = "statement-unsigned"
    zh = "评分前须先签署本届保密与公正评审承诺书。"
    en = "Sign the round's statement of confidentiality and fairness before you score."
