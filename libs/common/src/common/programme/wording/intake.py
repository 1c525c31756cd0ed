"""The articles from the legal basis to the acceptance, in the order of the definition."""

from collections.abc import Iterator

from common.codes.vocabulary.moments import shown_date
from common.programme.definition.intake import (
    Category,
    Clock,
    EligibilityRule,
    LegalDocument,
    Material,
    RecommendationLevel,
    VetoRule,
)
from common.programme.not_yet import acts
from common.programme.programme import Programme
from common.programme.wording.articles import Article, Chapter, answers_named, both, length, listed, named, years

_MEBIBYTE = 1024 * 1024


def basis(programme: Programme) -> Iterator[Article]:
    """Yield which honour it is, since when these rules hold and on which documents."""
    one = programme.identity
    for text in (one.name, one.summary):
        yield Article(Chapter.BASIS, *both(text))
    yield Article(
        Chapter.BASIS,
        f"本办法（{one.honour}）自{shown_date(one.effective_on, 'zh')}起施行。",
        f"These rules ({one.honour}) are in force from {shown_date(one.effective_on, 'en')}.",
    )
    yield from map(_document, one.legal_basis)


def _document(one: LegalDocument) -> Article:
    zh, en = both(one.title)
    issuer_zh, issuer_en = both(one.issuer) if one.issuer else ("", "")
    number = one.number or ""
    issued_zh, issued_en = (
        (shown_date(one.issued_on, "zh"), shown_date(one.issued_on, "en")) if one.issued_on else ("", "")
    )
    about_zh = "，".join(filter(None, (issuer_zh, number, issued_zh)))
    about_en = ", ".join(filter(None, (issuer_en, number, issued_en)))
    return Article(
        Chapter.BASIS,
        f"依据《{zh}》" + (f"（{about_zh}）。" if about_zh else "。"),
        f"On the basis of: {en}" + (f" ({about_en})." if about_en else "."),
        one.source,
    )


def call(programme: Programme) -> Iterator[Article]:
    """Yield when a round is held, who may apply, for what, and in which fields."""
    cycle, item, catalogue = programme.cycle, programme.item, programme.catalogue
    yield Article(
        Chapter.CALL,
        f"每{cycle.every_years}年一届，{cycle.opens_month}月至{cycle.closes_month}月受理申报；"
        f"未提交的申报在截止前{cycle.remind_days}日提醒。",
        f"Years from one round to the next: {cycle.every_years}; applications from month {cycle.opens_month} to month "
        f"{cycle.closes_month}; owners of drafts are reminded {cycle.remind_days} days before the end.",
        cycle.source,
    )
    zh, en = listed(both(each.name) for each in programme.applicant_kinds)
    yield Article(Chapter.CALL, f"申报单位：{zh}。", f"Who may apply: {en}.")
    (name_zh, name_en), (kind_zh, kind_en) = both(item.name), named(item.kind, "ItemKind")
    (scope_zh, scope_en), (title_zh, title_en) = (
        answers_named(programme, item.scope),
        answers_named(programme, [item.title, item.category]),
    )
    yield Article(
        Chapter.CALL,
        f"授予对象：{name_zh}（{kind_zh}），以“{title_zh}”申报；“{scope_zh}”相同的为同一项目。",
        f"Given to: {name_en} ({kind_en}), applied for by: {title_en}; the same {scope_en} is the same item.",
    )
    further = [each for each in (item.trademark, item.models, item.industry, item.priorities) if each]
    if further:
        zh, en = answers_named(programme, further)
        yield Article(Chapter.CALL, f"申报时载明：{zh}。", f"An application names: {en}.")
    edition = catalogue.industry_edition
    yield Article(
        Chapter.CALL, f"行业代码采用 {edition}。", f"Industry codes are those of {edition}.", catalogue.source
    )
    yield from map(_category, catalogue.categories)
    for each in catalogue.priorities:
        zh, en = both(each.name)
        yield Article(Chapter.CALL, f"重点领域：{zh}。", f"Priority field: {en}.", each.source)


def _category(one: Category) -> Article:
    zh, en = both(one.name)
    codes = "、".join(one.industry_codes)
    return Article(
        Chapter.CALL,
        f"申报类别：{zh}（行业代码：{codes or '不限'}）。",
        f"Category: {en} (industry codes: {', '.join(one.industry_codes) or 'any'}).",
    )


def application(programme: Programme) -> Iterator[Article]:
    """Yield what is asked and what is attached."""
    form = programme.form
    zh, en = answers_named(programme, [f"/{name}" for name in form.answers["properties"]])
    yield Article(Chapter.APPLICATION, f"申报表内容：{zh}。", f"The form asks for: {en}.", form.source)
    yield from (_material(each, programme.materials.source) for each in programme.materials.kinds)


def _material(one: Material, source: str) -> Article:
    (zh, en), (help_zh, help_en) = both(one.name), both(one.help) if one.help else ("", "")
    size = f"{one.max_bytes / _MEBIBYTE:g} MiB"
    types = ", ".join(one.media_types)
    return Article(
        Chapter.APPLICATION,
        f"材料：{zh}（{'必交' if one.required else '选交'}，{types}，不超过 {size}）。{help_zh}",
        f"Material: {en} ({'required' if one.required else 'optional'}, {types}, at most {size}). {help_en}".rstrip(),
        source,
    )


def conditions(programme: Programme) -> Iterator[Article]:
    """Yield what an application must meet, and what excludes it."""
    for rule in programme.eligibility_rules:
        yield _rule(rule, "申报条件", "Condition")
    for veto in programme.veto_rules:
        yield _rule(veto, "一票否决", "Excluded")


def _rule(rule: EligibilityRule | VetoRule, head_zh: str, head_en: str) -> Article:
    (zh, en), (window_zh, window_en) = both(rule.text), years(rule.look_back_years)
    department = rule.source_department
    who_zh, who_en = both(department.name) if department else ("", "")
    return Article(
        Chapter.CONDITIONS,
        f"{head_zh}{window_zh}：{zh}" + (f"由{who_zh}提供事实。" if who_zh else ""),
        f"{head_en}{window_en}: {en}" + (f" The facts are those of: {who_en}." if who_en else ""),
        rule.source,
    )


def procedure(programme: Programme) -> Iterator[Article]:
    """Yield the recommendation chain, the formal check, and every term."""
    yield from map(_level, programme.recommendation)
    asked = programme.acceptance.supplements
    yield Article(
        Chapter.PROCEDURE,
        f"形式审查中可要求补正{asked}次。",
        f"Supplements that the formal check may ask for: {asked}.",
        programme.acceptance.source,
    )
    for name in type(programme.clocks).model_fields:
        clock = getattr(programme.clocks, name)
        if clock is not None:
            yield _clock(name, clock)


def _level(one: RecommendationLevel) -> Article:
    zh, en = named(one.level, "ChainStage")
    most_zh, most_en = (
        ("不限名额", "without limit") if one.limit is None else (f"至多{one.limit}项", f"at most {one.limit}")
    )
    skip_zh, skip_en = (
        ("；逾期的由上级一并办理", "; the level above an overdue one decides for both") if one.skippable else ("", "")
    )
    return Article(
        Chapter.PROCEDURE,
        f"由{zh}推荐，每个单位每届{most_zh}{skip_zh}。",
        f"Recommended by the {en}, {most_en} per agency and round{skip_en}.",
        one.source,
    )


def _clock(name: str, one: Clock) -> Article:
    (zh, en), (length_zh, length_en) = named(name, "clock"), length(one.days, one.kind)
    then_zh, then_en = named(one.on_overdue, "OverdueRule")
    return Article(
        Chapter.PROCEDURE,
        f"{zh}：{length_zh}，届满前{one.remind_days}日提醒，逾期：{then_zh}。",
        f"Term, {en}: {length_en}, reminder {one.remind_days} days before its end, then: {then_en}.",
        one.source,
        in_force=acts(f"clocks.{name}"),
    )
