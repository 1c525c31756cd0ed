"""The refusals of reading or making a ranking."""

from common.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused


class RankingNotFound(NotFound):
    """There is no such ranking."""

    code = "ranking-not-found"
    zh = "未找到排名 {key}。"
    en = "There is no ranking {key}."


class ReviewsUnfinished(Refused):
    """Some cases of the round have not been scored yet."""

    code = "reviews-unfinished"
    zh = "本届尚有 {count} 项申报未完成评审。"
    en = "{count} cases of this round have not been scored yet."


class NothingToRank(Refused):
    """The round has no scored case."""

    code = "nothing-to-rank"
    zh = "本届没有可排名的申报。"
    en = "The round has no scored case to rank."


class RoundAlreadyRanked(Conflict):
    """The round has been ranked already."""

    code = "round-already-ranked"
    zh = "本届已有排名。"
    en = "The round has been ranked already."


class ListDecided(Refused):
    """Every case of the list has its outcome."""

    code = "list-decided"
    zh = "该名单已有最终决定。"
    en = "The list has been decided for good."


class VersionUnknown(NotFound):
    """The list has no such version."""

    code = "list-version-unknown"
    zh = "该名单没有第 {key} 版。"
    en = "The list has no version {key}."


class NotOnList(Invalid):
    """The case does not belong to this list, or has its outcome."""

    code = "not-on-list"
    pointer = "/review_id"
    zh = "该申报不在本名单或者其递补名单上。"
    en = "The case is neither on this list nor waiting outside it."


class VetoRuleUnknown(Invalid):
    """A veto names one of the programme's veto rules, and no other ground names one."""

    code = "veto-rule-unknown"
    pointer = "/veto_rule"
    zh = "以一票否决为由的，须指明方案中的否决事项；其他理由不填。"
    en = "A veto names a veto rule of the programme by its code; another ground names none."


class GroundOfTheOffice(NotAllowed):
    """The recognition body removes a case for a veto only; every other ground is the office's."""

    code = "ground-of-the-office"
    zh = "认定机构只能以一票否决为由移出申报；其他理由由领导小组办公室决定。"
    en = "The recognition body removes a case for a veto only; for another ground the leading group's office does."


class ReserveNeverCalled(Refused):
    """The programme leaves a vacant place vacant."""

    code = "reserve-never-called"
    zh = "本方案规定名额空出后不递补。"
    en = "Under this programme a vacant place stays vacant."


class NoPlaceVacant(Refused):
    """Nobody is called up while the quota is full."""

    code = "no-place-vacant"
    zh = "{quota} 个名额没有空缺，不能递补。"
    en = "None of the {quota} places is vacant; nobody can be called up."


class ReserveEmpty(Refused):
    """Nobody is left on the reserve list."""

    code = "reserve-empty"
    zh = "递补名单上已没有可递补的申报。"
    en = "Nobody is left on the reserve list."


class ListNotEmpty(Refused):
    """A list is closed when nobody on it is still to be decided."""

    code = "list-not-empty"
    zh = "名单上尚有 {count} 项申报未作决定，不能结束。"
    en = "{count} cases on the list are still to be decided; it cannot be closed."
