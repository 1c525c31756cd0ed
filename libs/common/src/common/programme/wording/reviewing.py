"""The articles about the review and the places: who scores what, how it adds up, and who follows on whom."""

from collections.abc import Iterator

from common.programme.definition.reviewing import FIRST_OF_TIES, LAST_OF_TIES, Indicator
from common.programme.programme import Programme
from common.programme.wording.articles import Article, Both, Chapter, answers_named, both, listed, named, years


def review(programme: Programme) -> Iterator[Article]:
    """Yield indicators, panel, blind level, statement, grounds of recusal and the arithmetic."""
    rules = programme.review
    yield from _indicators(programme)
    yield from _panel(programme)
    yield _blind(programme)
    yield Article(Chapter.REVIEW, *both(rules.statement.text), rules.statement.source)
    for ground in rules.recusal:
        (zh, en), (window_zh, window_en) = both(ground.text), years(ground.look_back_years)
        yield Article(Chapter.REVIEW, f"回避{window_zh}：{zh}", f"Recused{window_en}: {en}", ground.source)
    how = rules.aggregation
    yield Article(
        Chapter.REVIEW,
        f"满{how.trim_from}份评分表的，去掉一个最高分和一个最低分；其余取平均，按 {how.round_to} 四舍五入一次。",
        f"From {how.trim_from} sheets on, the highest and the lowest total are dropped; the mean of the rest is "
        f"rounded once, half up, to {how.round_to}.",
        how.source,
    )
    if rules.threshold is not None:
        points = rules.threshold.points
        yield Article(
            Chapter.REVIEW,
            f"得分低于{points}分的不予认定，名额空缺也不例外。",
            f"Below {points} points nothing is recognised, even with places free.",
            rules.threshold.source,
        )


def _indicators(programme: Programme) -> Iterator[Article]:
    rules = programme.review.indicators
    zh, en = both(rules.standard)
    yield Article(
        Chapter.REVIEW,
        f"评价标准：{zh}，满分{programme.total_points}分，以 {rules.unit} 分为单位评分。",
        f"Standard: {en}; {programme.total_points} points, scored in steps of {rules.unit}.",
        rules.source,
    )
    yield from map(_indicator, rules.walk())


def _indicator(node: Indicator) -> Article:
    (zh, en), (how_zh, how_en) = both(node.name), both(node.guidance) if node.guidance else ("", "")
    return Article(Chapter.REVIEW, f"{zh}：{node.cap}分。{how_zh}", f"{en}: {node.cap} points. {how_en}".rstrip())


def _panel(programme: Programme) -> Iterator[Article]:
    panel = programme.review.panel
    yield Article(
        Chapter.REVIEW,
        f"每项申报由{panel.size}名专家评分，至少{panel.minimum_sheets}份评分表方为有效。",
        f"{panel.size} experts score each application; {panel.minimum_sheets} sheets make an official score.",
        panel.source,
    )
    for seat in panel.seats:
        zh, en = both(seat.name)
        knows_zh, knows_en = ("，须熟悉申报类别", ", who know its category") if seat.knows_category else ("", "")
        yield Article(Chapter.REVIEW, f"其中{zh}{seat.count}名{knows_zh}。", f"Of these, {en}: {seat.count}{knows_en}.")


def _blind(programme: Programme) -> Article:
    blind = programme.review.blind
    if blind.level == "single":
        zh, en = (
            "专家知道申报单位，申报单位不知道专家。",
            "Experts see the applicant; no applicant sees an expert's name.",
        )
    else:
        materials = (both(each.name) for each in programme.materials.kinds if each.kind in blind.withheld_materials)
        withheld_zh, withheld_en = listed([answers_named(programme, blind.withheld_answers), *materials])
        zh = f"专家与申报单位互不知名；对专家隐去：{withheld_zh}。"
        en = f"Experts and applicants do not see each other's names; withheld from experts: {withheld_en}."
    return Article(Chapter.REVIEW, zh, en, blind.source)


def places(programme: Programme) -> Iterator[Article]:
    """Yield how many titles a round may give, who is before whom on equal points, and how the reserve is called."""
    quota = programme.quota
    yield Article(
        Chapter.PLACES,
        f"每届至多{quota.total}项，可以空缺。",
        f"At most {quota.total} in a round; places may stay vacant.",
        quota.source,
    )
    zh, en = listed(_criterion(programme, code) for code in quota.tie_order)
    yield Article(
        Chapter.PLACES,
        f"得分相同的依次比较：{zh}。递补名单{quota.reserve}项。",
        f"On equal points these decide in turn: {en}. The reserve list has {quota.reserve} places.",
        quota.tie_and_reserve_source,
    )
    rule_zh, rule_en = named(quota.reserve_call.rule, "ReserveRule")
    text_zh, text_en = both(quota.reserve_call.text)
    yield Article(
        Chapter.PLACES, f"递补（{rule_zh}）：{text_zh}", f"Reserve ({rule_en}): {text_en}", quota.reserve_call.source
    )


def _criterion(programme: Programme, code: str) -> Both:
    fixed = {FIRST_OF_TIES: ("总分", "total"), LAST_OF_TIES: ("抽签", "lot")}
    return fixed[code] if code in fixed else both(programme.indicators[code].name)
