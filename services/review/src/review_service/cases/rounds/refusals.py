"""The refusals of reading a round, and of reviewing one that is not whole."""

from common.kernel.errors import NotFound, Refused


class RoundUnknown(NotFound):
    """The review has not received such a round."""

    code = "round-unknown"
    zh = "评审服务尚未收到届次 {key}。"
    en = "The review has not received the round {key} yet."


class AcceptanceNotConcluded(Refused):
    """Panels are drawn and lists are ranked when the round's acceptance has been concluded."""

    code = "acceptance-not-concluded"
    zh = "本届受理尚未终结，不能抽取专家或者排名。"
    en = "The round's acceptance has not been concluded; until then nothing is drawn or ranked."


class CasesMissing(Refused):
    """The review holds exactly the accepted applications before it draws or ranks; some are still on their way."""

    code = "cases-missing"
    zh = "本届受理 {accepted} 项，评审服务现有 {count} 项，尚未到齐，请稍后再试。"
    en = "{accepted} applications were accepted and {count} have arrived here; wait until they are the same."
