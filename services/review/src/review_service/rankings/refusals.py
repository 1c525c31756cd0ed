"""Why a ranking cannot be had or made."""

from common.errors import Conflict, NotFound, Refused


class RankingNotFound(NotFound):
    """No such ranking."""

    code = "ranking-not-found"
    zh = "未找到排名 {key}。"
    en = "There is no ranking {key}."


class ReviewsUnfinished(Refused):
    """A round is ranked when every case of it has been scored."""

    code = "reviews-unfinished"
    zh = "本届尚有 {count} 项申报未完成评审。"
    en = "{count} cases of this round have not been scored yet."


class NothingToRank(Refused):
    """The round has no scored case."""

    code = "nothing-to-rank"
    zh = "本届没有可排名的申报。"
    en = "The round has no scored case to rank."


class RoundAlreadyRanked(Conflict):
    """A round is ranked once."""

    code = "round-already-ranked"
    zh = "本届已有排名。"
    en = "The round has been ranked already."


class ListDecided(Refused):
    """The list has been announced or refused."""

    code = "list-decided"
    zh = "该名单已有最终决定。"
    en = "The list has been decided for good."
