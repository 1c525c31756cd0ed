"""The refusals to store a unit of work."""

from common.kernel.errors import Conflict, NotAllowed, Stale


class LostRace(Conflict):
    """The base of the refusals by which one of two simultaneous requests loses; sent again, it may succeed."""

    retryable = True


class ChangedMeanwhile(LostRace):
    """Two requests changed the same thing at once, and this one was second."""

    code = "changed-meanwhile"
    zh = "该记录刚被他人修改，请刷新后重试。"
    en = "Somebody else changed this record just now; read it again and retry."


class TakenMeanwhile(LostRace):
    """Two requests stored something under the same key at once, and this one was second."""

    code = "taken-meanwhile"
    zh = "另一请求刚办理了同一事项，本次未办理，请重试。"
    en = "Another request did the same just now and this one stored nothing; send it again."


class OwnCase(NotAllowed):
    """Nobody decides about his own organisation's case, whatever other roles his account has."""

    code = "own-case"
    zh = "此事项涉及您所在单位，您应当回避，不能办理。"
    en = "This case is your own organisation's: you are recused from deciding it."


class VersionStale(Stale):
    """The caller's If-Match names an older version."""

    code = "version-stale"
    zh = "您看到的版本（{seen}）已过期，当前版本为 {current}。"
    en = "You have seen version {seen}; the current version is {current}."


class Recused(NotAllowed):
    """Who is recused from an applicant does not act on any of his cases, in whatever role."""

    code = "recused"
    zh = "您须回避该申报单位的事项，不能办理。"
    en = "You are recused from the cases of this applicant and cannot act on them."
