"""Why a programme cannot be had or published."""

from common.errors import Conflict, NotFound


class ProgrammeNotFound(NotFound):
    """No such programme was published."""

    code = "programme-not-found"
    zh = "未找到方案 {key}。"
    en = "There is no programme {key}."


class ProgrammeUnchanged(Conflict):
    """The same definition has been published as an edition already."""

    code = "programme-unchanged"
    zh = "该方案内容已发布，未作任何修改。"
    en = "This definition has been published already, to the letter."
