"""The refusals of reading, opening or using a round."""

from common.kernel.errors import Conflict, Invalid, NotFound, Refused


class RoundNotFound(NotFound):
    """There is no such round."""

    code = "round-not-found"
    zh = "未找到届次 {key}。"
    en = "There is no round {key}."


class RoundNotOpen(Refused):
    """The round accepts applications only between its opening and its closing."""

    code = "round-not-open"
    zh = "本届受理时间为 {opens_at} 至 {closes_at}，现不在受理期内。"
    en = "The round takes applications from {opens_at} to {closes_at}, not now."


class AcceptanceAlreadyConcluded(Refused):
    """The round's acceptance has been concluded; no action is possible any more."""

    code = "acceptance-already-concluded"
    zh = "本届受理工作已经终结。"
    en = "The round's acceptance has been concluded."


class RecommendationWindowClosed(Refused):
    """Recommenders decide until the round's window for recommendations closes; then the office decides."""

    code = "recommendation-window-closed"
    zh = "本届推荐截止时间为 {closes_at}，现由领导小组办公室办理。"
    en = "The round took recommendations until {closes_at}; now the leading group's office decides."


class AcceptanceWindowClosed(Refused):
    """The recognition body accepts until the round's window for acceptance closes; the office may extend it."""

    code = "acceptance-window-closed"
    zh = "本届受理审核截止时间为 {closes_at}，如确有必要，可由领导小组办公室延期。"
    en = "The round took acceptances until {closes_at}; the leading group's office may extend it."


class CasesStillOpen(Refused):
    """Acceptance is concluded when each application of the round is accepted or ended."""

    code = "cases-still-open"
    zh = "本届尚有 {count} 项申报未办结，不能终结受理。"
    en = "{count} applications of this round are still open, so its acceptance cannot be concluded."


class EditionNotInForce(Refused):
    """An edition opens no round before the day on which it takes effect."""

    code = "edition-not-in-force"
    zh = "本版方案自 {effective_on} 起施行，此前不能启动届次。"
    en = "This edition is in force from {effective_on}; a round cannot open before."


class OutsideCycle(Invalid):
    """A round takes applications within the months that the programme names, not after the year of the round."""

    code = "outside-cycle"
    zh = "按方案规定，受理期须在同一年的 {opens_month} 月至 {closes_month} 月之间，且不晚于 {year} 年度。"
    en = "The programme has applications taken from month {opens_month} to {closes_month} of a year, {year} or before."


class RoundTooSoon(Refused):
    """A programme that holds a round every second or third year holds none between."""

    code = "round-too-soon"
    zh = "该荣誉每 {every_years} 年开展一届，{year} 年度已有届次。"
    en = "The honour holds a round every {every_years} years, and there is one of {year}."


class NothingExtended(Invalid):
    """An extension names at least one later end."""

    code = "nothing-extended"
    zh = "延期须至少把一项截止时间推后。"
    en = "An extension moves at least one end to a later instant."


class WindowShortened(Invalid):
    """A window that has been announced can be made longer, never shorter, and not opened again."""

    code = "window-shortened"
    zh = "已公布的期限只能延长，不能缩短；申报截止后不能重新开放。"
    en = "An announced window can only be made longer, and applications are not taken again after the closing."


class RoundWindowsDisordered(Invalid):
    """Applications close first, then recommendations, then acceptance."""

    code = "round-windows-disordered"
    zh = "推荐截止不得早于申报截止，受理审核截止不得早于推荐截止。"
    en = "Recommendations close after applications, acceptance after recommendations."


class RoundExists(Conflict):
    """The honour has a round in this year."""

    code = "round-exists"
    zh = "该荣誉本年度的届次已存在。"
    en = "The honour has a round in this year already."


class RoundPeriodTooFar(Invalid):
    """A round begins and ends within two years of the day on which it is opened."""

    code = "round-period-too-far"
    zh = "受理期的起止时间须在 {first_at} 至 {last_at} 之间。"
    en = "A round opens and closes between {first_at} and {last_at}."


class RoundPeriodEmpty(Invalid):
    """The closing of a round must be later than its opening."""

    code = "round-period-empty"
    pointer = "/closes_at"
    zh = "截止时间必须晚于开始时间。"
    en = "A round must close after it opens."
