"""The refusals of proposing or deciding a redraw."""

from common.kernel.errors import Conflict, NotAllowed, NotFound, Refused


class RedrawNotFound(NotFound):
    """There is no such proposal, or the actor may not see it."""

    code = "redraw-not-found"
    zh = "未找到重新抽取的提议 {key}。"
    en = "There is no proposal {key} to draw again."


class RedrawDecided(Refused):
    """The proposal has been approved or refused."""

    code = "redraw-decided"
    zh = "该项重新抽取的提议已有决定。"
    en = "The proposal to draw again has been decided."


class RedrawAlreadyProposed(Conflict):
    """A proposal about the case waits for its decision."""

    code = "redraw-already-proposed"
    zh = "该项评审已有待决定的重新抽取提议。"
    en = "A proposal to draw this case again waits for its decision already."


class RedrawByAnotherPerson(NotAllowed):
    """The person who proposed a redraw must not decide it."""

    code = "redraw-by-another-person"
    zh = "重新抽取须由提出人以外的人决定。"
    en = "A redraw is decided by another person than the one who proposed it."
