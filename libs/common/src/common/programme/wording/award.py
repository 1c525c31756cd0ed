"""The articles from the public notice to the exit."""

from collections.abc import Iterator

from common.programme.definition.award import Act, Ground
from common.programme.not_yet import acts
from common.programme.programme import Programme
from common.programme.wording.articles import Article, Chapter, both, length, named


def decision(programme: Programme) -> Iterator[Article]:
    """Yield the public notice, the objections, and who decides by which majority."""
    notice, objections = programme.notice, programme.objections
    (zh, en), (length_zh, length_en) = both(notice.text), length(notice.days, notice.kind)
    yield Article(Chapter.DECISION, f"{zh}公示期{length_zh}。", f"{en} The notice lasts {length_en}.", notice.source)
    asked_zh = [
        "须实名" if objections.real_name else "可以匿名",
        "须附证据" if objections.evidence else "可以不附证据",
        "限于公示期内" if objections.inside_notice_only else "公示期后至作出结论前也可提出",
    ]
    asked_en = [
        "under a real name" if objections.real_name else "anonymous ones too",
        "with evidence" if objections.evidence else "evidence is not demanded",
        "while the notice lasts" if objections.inside_notice_only else "until the outcome, also after the notice",
    ]
    zh, en = both(objections.text)
    yield Article(
        Chapter.DECISION,
        f"异议：{'，'.join(asked_zh)}。{zh}",
        f"Objections: {', '.join(asked_en)}. {en}",
        objections.source,
    )
    body = programme.decision.recognition
    zh, en = both(body.body)
    of_zh, of_en = ("出席者", "those present") if body.majority_of == "present" else ("全部席位", "all seats")
    yield Article(
        Chapter.DECISION,
        f"由{zh}审定：席位{body.seats}个，出席不少于 {body.quorum}，赞成不少于{of_zh}的 {body.majority}。",
        f"Decided by: {en}; {body.seats} seats, a quorum of {body.quorum}, a majority of {body.majority} of {of_en}.",
        body.source,
    )
    confirming = programme.decision.confirmation
    (who_zh, who_en), (text_zh, text_en) = both(confirming.organisation), both(confirming.text)
    yield Article(
        Chapter.DECISION, f"由{who_zh}确认。{text_zh}", f"Confirmed by: {who_en}. {text_en}", confirming.source
    )


def title(programme: Programme) -> Iterator[Article]:
    """Yield validity, renewal, number and mark of a title."""
    rules = programme.title
    validity, renewal = rules.validity, rules.renewal
    if validity.years is None:
        zh, en = "称号长期有效。", "A title has no end."
    else:
        end_zh, end_en = (
            ("至届满当年12月31日", "to the end of its last year")
            if validity.ends == "year_end"
            else ("至满期前一日", "to the day before its anniversary")
        )
        zh = f"称号有效期{validity.years}年，{end_zh}。"
        en = f"A title is valid for {validity.years} years, {end_en}."
    yield Article(Chapter.TITLE, zh, en, validity.source)
    mode_zh, mode_en = ("经全面复评", "by a full review") if renewal.mode == "full_review" else ("不办理", "not held")
    yield Article(
        Chapter.TITLE,
        f"复评：{mode_zh}，届满当年{renewal.opens_month}月至{renewal.closes_month}月申请。",
        f"Renewal: {mode_en}, applied for from month {renewal.opens_month} to month {renewal.closes_month} of the last "
        "year.",
        renewal.source,
        in_force=acts("title.renewal"),
    )
    yield Article(
        Chapter.TITLE,
        f"品牌编号格式：{rules.number_pattern}，另加校验码。",
        f"Numbers have the form {rules.number_pattern}, and a check character.",
        rules.number_source,
    )
    for mark in rules.mark:
        yield Article(Chapter.TITLE, *both(mark.text), rules.mark_source, in_force=acts("title.mark"))


def exits(programme: Programme) -> Iterator[Article]:
    """Yield the ground of every act on a title, and until when old packaging may be used."""
    grounds = programme.title.grounds
    acts_listed: tuple[Act, ...] = ("warn", "suspend", "revoke", "cancel", "reinstate")
    for act in acts_listed:
        for ground in getattr(grounds, act):
            yield _ground(act, ground)
    rule = programme.title.sell_through
    yield Article(Chapter.EXIT, *both(rule.text), rule.source, in_force=acts("title.sell_through"))


def _ground(act: Act, one: Ground) -> Article:
    (act_zh, act_en), (zh, en) = named(act, "Act"), both(one.text)
    bar_zh, bar_en = "", ""
    if one.barred_for_life:
        bar_zh, bar_en = "终身不得申报。", " Its holder is barred for life."
    elif one.bar_years is not None:
        bar_zh, bar_en = f"{one.bar_years}年内不得申报。", f" Its holder is barred for {one.bar_years} years."
    return Article(Chapter.EXIT, f"{act_zh}：{zh}{bar_zh}", f"{act_en}: {en}{bar_en}", one.source)
