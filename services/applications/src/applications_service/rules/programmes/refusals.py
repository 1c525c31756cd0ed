"""The refusals of reading or publishing a programme."""

from common.kernel.errors import Conflict, NotAllowed, NotFound, Refused


class ProgrammeNotFound(NotFound):
    """There is no such published programme."""

    code = "programme-not-found"
    zh = "未找到方案 {key}。"
    en = "There is no programme {key}."


class NumberPatternTaken(Conflict):
    """Two honours never number their brands alike: a brand number would name two brands."""

    code = "number-pattern-taken"
    zh = "品牌编号格式 {pattern} 已由荣誉 {honour} 使用。"
    en = "The honour {honour} numbers its brands by the pattern {pattern} already."


class ProgrammeUnchanged(Conflict):
    """The same definition has been proposed or published as an edition already."""

    code = "programme-unchanged"
    zh = "同一内容的方案已提出或者已发布，未作任何修改。"
    en = "Exactly this definition has been proposed or published already."


class PublishedByAnotherPerson(NotAllowed):
    """Who proposed an edition does not publish it."""

    code = "published-by-another-person"
    zh = "方案须由提出人以外的另一人发布。"
    en = "Another person than the one who proposed the edition publishes it."


class EditionPublished(Refused):
    """A published edition never changes."""

    code = "edition-published"
    zh = "该版方案已经发布，不再变更。"
    en = "The edition has been published and does not change any more."
