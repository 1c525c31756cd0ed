"""The refusals of reading, concluding or deciding a deliberation."""

from common.kernel.errors import Invalid, NotAllowed, NotFound, Refused


class DeliberationNotFound(NotFound):
    """There is no such deliberation."""

    code = "deliberation-not-found"
    zh = "未找到审定 {key}。"
    en = "There is no deliberation {key}."


class VotesNotEnough(Refused):
    """Each case of the list needs the programme's share of the votes that count for it."""

    code = "votes-not-enough"
    zh = "申报 {application_id} 得赞成 {votes_for} 票，未达到方案规定的通过票数 {needed}。"
    en = "The application {application_id} has {votes_for} votes; the programme demands {needed}."


class QuorumMissing(Refused):
    """Fewer seats voted than the quorum requires, those not counted that are recused or absent."""

    code = "quorum-missing"
    zh = "就申报 {application_id} 参加表决 {present} 人，未达到法定人数 {quorum}。"
    en = "On the application {application_id} {present} voted; the quorum is {quorum}."


class SeatsDiffer(Invalid):
    """Every seat that the programme gives the recognition body is recorded once."""

    code = "seats-differ"
    pointer = "/votes"
    zh = "须按席位逐一记录表决：方案规定的 {seats} 个席位各一次，一人只占一席。"
    en = "The vote is recorded seat by seat: each of the {seats} seats once, and no person on two of them."


class NoticeMissing(Refused):
    """A case that has not been on a notice is not voted on."""

    code = "notice-missing"
    zh = "名单上尚有 {count} 项申报未经公示；须先公示，或者由领导小组办公室暂缓办理。"
    en = "{count} cases of the list have not been on notice: publish a notice first, or have the office hold them."


class BallotsMissing(Refused):
    """A vote is concluded with its ballots and its minutes attached."""

    code = "ballots-missing"
    zh = "须附上表决票和会议纪要的扫描件。"
    en = "The ballots and the minutes are attached before the vote is concluded."


class SecondPersonNeeded(NotAllowed):
    """Who recorded a vote does not confirm his own record."""

    code = "second-person-needed"
    zh = "表决记录须由记录人以外的另一人核对确认。"
    en = "Another person than the one who recorded the vote confirms the record."


class DeliberationDiscarded(Refused):
    """A record that was wrong has no effect; the vote is recorded again."""

    code = "deliberation-discarded"
    zh = "该表决记录已作废，请重新记录。"
    en = "This record of a vote was discarded; record the vote again."


class ConfirmedByAnotherOrganisation(NotAllowed):
    """The recognition body cannot confirm its own list: another organisation must do it."""

    code = "confirmed-by-another-organisation"
    zh = "确认须由认定机构以外的组织作出。"
    en = "The list is confirmed by another organisation than the one that recognised it."


class DeliberationDecided(Refused):
    """The office has decided about this list."""

    code = "deliberation-decided"
    zh = "领导小组办公室已对该名单作出决定。"
    en = "The leading group's office has decided about this list."
