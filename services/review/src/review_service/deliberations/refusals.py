"""Why a deliberation cannot be had, held or confirmed."""

from common.errors import NotAllowed, NotFound, Refused


class DeliberationNotFound(NotFound):
    """No such deliberation."""

    code = "deliberation-not-found"
    zh = "未找到审定 {key}。"
    en = "There is no deliberation {key}."


class VotesNotEnough(Refused):
    """The list needs a quorum and the programme's share of the votes."""

    code = "votes-not-enough"
    zh = "赞成 {votes_for} 票，未达到方案规定的通过票数 {needed}。"
    en = "{votes_for} votes for the list are fewer than the {needed} that the programme demands."


class QuorumMissing(Refused):
    """Too few voted."""

    code = "quorum-missing"
    zh = "参加表决 {present} 人，未达到法定人数 {quorum}。"
    en = "{present} voted; the quorum is {quorum}."


class VotesExceedSeats(Refused):
    """More voted than the recognition body has seats."""

    code = "votes-exceed-seats"
    zh = "参加表决 {present} 人，多于方案规定的席位 {seats}。"
    en = "{present} voted; the programme gives the recognition body {seats} seats."


class ConfirmedByAnotherOrganisation(NotAllowed):
    """Whoever recognises does not supervise: another organisation confirms."""

    code = "confirmed-by-another-organisation"
    zh = "确认须由认定机构以外的组织作出。"
    en = "The list is confirmed by another organisation than the one that recognised it."


class DeliberationDecided(Refused):
    """The office has decided about this list."""

    code = "deliberation-decided"
    zh = "领导小组办公室已对该名单作出决定。"
    en = "The leading group's office has decided about this list."
