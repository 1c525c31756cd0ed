"""Scenes of the call and the intake: rounds, drafts, submissions, checks and the terms of the procedure."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from applications_service.intake.applications import content
from applications_service.intake.applications.model import Application
from applications_service.intake.applications.refusals import ApplicantKindNotAdmitted
from applications_service.rules.rounds.model import Round
from applications_service.rules.rounds.windows import planned
from common.codes.calendar import WorkingCalendar
from common.contracts.applications.applications import OverdueRule
from common.files.store import StoredFile
from common.kernel.errors import MingpaiError
from common.programme import Programme
from common.programme.terms import Terms
from common.programme.wording.whole import in_words
from common.standing.checks import Standing, check
from common.web.answers.wording import sentence
from support.casts import programmes
from support.casts.actors import id_of
from support.casts.applying import APPLYING, AT_BODY, FIRM, IN_CITY, IN_COUNTY, USCC, WHOM, published_edition
from support.leaves.edition import fullest, rules
from support.service.alone import START

HONOUR: Final = "FAMOUS_PRODUCT"
TODAY: Final = START.date()
FURTHER: Final[dict[str, Any]] = {
    "other_category": "food_and_drink",
    "other_models": ["XQ-9"],
    "other_industry": "C1513",
    "other_priorities": ["low_carbon"],
}
"""What is answered where the form asks a further question."""
FILE: Final = StoredFile(digest="sha256:1", size=9_000_000, media_type="image/png")


def verdict(act: Any, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401 -- any method
    """Return how an act ended: done, or the code of its refusal."""
    try:
        act(*args, **kwargs)
    except MingpaiError as refused:
        return refused.code
    return "done"


def answers(programme: Programme, **changes: object) -> dict[str, Any]:
    """Return complete answers, also to the further questions of the form."""
    asked = programme.form.answers["properties"]
    further = {name: value for name, value in FURTHER.items() if name in asked}
    return programmes.answers(HONOUR) | further | changes


def opened(given: dict[str, Any], **changes: Any) -> Round:  # noqa: ANN401 -- what `Round.opened` takes
    """Return the round of 2015 under a definition, from the test's beginning to the end of November."""
    windows = planned(
        rules(given),
        WorkingCalendar(),
        opens_at=START,
        closes_at=datetime(2015, 11, 30, 16, tzinfo=UTC),
        recommendation_closes_at=None,
        acceptance_closes_at=None,
    )
    asked: dict[str, Any] = {"year": 2015, "years_held": [2014], "windows": windows, "at": START} | changes
    return Round.opened(round_id="rnd_1", programme=published_edition(given), **asked)


def page(given: dict[str, Any]) -> list[str]:
    """Return the rules as people read them."""
    return [each.zh for each in in_words(rules(given))]


def opening(given: dict[str, Any]) -> str:
    return verdict(opened, given)


def terms(given: dict[str, Any]) -> Terms:
    return Terms(rules(given), WorkingCalendar(), TODAY)


def new(given: dict[str, Any]) -> Application:
    """Return an application with complete content, not begun yet."""
    programme = rules(given)
    return Application(
        id="app_1",
        round_id="rnd_1",
        honour=HONOUR,
        edition=1,
        programme_digest=programme.digest,
        applicant_id=id_of(USCC),
        applicant=USCC,
        uscc=USCC,
        applicant_name=str(FIRM["name"]),
        applicant_kind="enterprise",
        division="370102",
        answers=answers(programme),
        created_at=START,
        attachments=[
            {"kind": one.kind, "name": one.kind, "digest": f"sha256:{one.kind}", "size": 1, "media_type": "a/b"}
            for one in programme.materials.kinds
        ],
        division_confirmation={"source": "account", "confirmed_by": "person", "confirmed_at": START.isoformat()},
    )


def drafting(given: dict[str, Any]) -> object:
    one = new(given)
    ended = verdict(one.create, round_=opened(given, years_held=[]), terms=terms(given), at=START)
    return ended, one.remind_on


def refused_kind(given: dict[str, Any]) -> str:
    """Return the refusal of a branch, in both languages."""
    one = new(given)
    one.applicant_kind = "branch"
    try:
        one.create(round_=opened(given, years_held=[]), terms=terms(given), at=START)
    except ApplicantKindNotAdmitted as refused:
        return sentence(refused, "zh") + sentence(refused, "en")
    return ""


def submitted(given: dict[str, Any]) -> Application:
    one, counted = new(given), terms(given)
    one.create(round_=opened(given, years_held=[]), terms=counted, at=START)
    one.identify(counted.programme)
    _submit(one, given)
    return one


def _submit(one: Application, given: dict[str, Any]) -> None:
    one.submit(
        round_=opened(given, years_held=[]),
        terms=terms(given),
        contact=WHOM,
        others_in_scope=0,
        standing=Standing(),
        at=START,
    )


def recommended(given: dict[str, Any]) -> Application:
    one = submitted(given)
    for by in (IN_COUNTY, IN_CITY):
        if str(one.waits_for).endswith(str(by.division)):
            one.recommend(by=by, round_=opened(given, years_held=[]), terms=terms(given), opinion="同意。", at=START)
    return one


def at_city(given: dict[str, Any]) -> Application:
    one = submitted(given)
    one.recommend(by=IN_COUNTY, round_=opened(given, years_held=[]), terms=terms(given), opinion="同意。", at=START)
    return one


def returned(given: dict[str, Any]) -> Application:
    one = submitted(given)
    one.return_(by=IN_COUNTY, terms=terms(given), reason="请更换。")
    return one


def to_supplement(given: dict[str, Any]) -> Application:
    one = recommended(given)
    _request(one, given)
    return one


def _request(one: Application, given: dict[str, Any]) -> None:
    one.request_supplement(
        by=AT_BODY, round_=opened(given, years_held=[]), terms=terms(given), reason="请补正。", at=START
    )


STATES: Final = {
    "county_recommendation": submitted,
    "city_recommendation": at_city,
    "correction": returned,
    "formal_check": recommended,
    "supplement": to_supplement,
}
"""How an application comes to wait within each term."""


def term(name: str, given: dict[str, Any]) -> object:
    """Return the last day and the reminder of the term, and where the application is when it has passed."""
    one, counted = STATES[name](given), terms(given)
    due_on, remind_on = one.due_on, one.remind_on
    one.pass_by(OverdueRule(counted.programme.rule_when_overdue(one.clock)), terms=counted)
    return due_on, remind_on, one.state, one.waits_for


def skipping(given: dict[str, Any]) -> int:
    """Return how many stages the city decides when the county was silent."""
    one = submitted(given)
    one.escalate(terms=terms(given))
    one.recommend(by=IN_CITY, round_=opened(given, years_held=[]), terms=terms(given), opinion="同意。", at=START)
    return len(one.recommenders)


def supplementing(given: dict[str, Any]) -> object:
    """Return what becomes of a second request to supplement, and until when the round accepts."""
    one, counted = to_supplement(given), terms(given)
    one.supplement(by=APPLYING, answers=one.answers, terms=counted, at=START)
    return verdict(_request, one, given), opened(given, years_held=[]).acceptance_closes_at


def checked(given: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Return the answer to each rule, by its code, with records of four years ago that two departments reported."""
    programme = rules(given)
    on = TODAY.replace(year=2011).isoformat()
    facts = programmes.snapshot(HONOUR) | {"answers": answers(programme, **changes)}
    codes = ("late", "failed_supervision_check")
    facts["records"] = [{"code": code, "on": on, "source_department": "taxation"} for code in codes]
    found = check(programme, facts, Standing(), year=2015, on=TODAY)
    return {one.rule: one.as_json() for one in found.results}


def failed(given: dict[str, Any]) -> list[str]:
    return [code for code, answer in checked(given).items() if answer["verdict"] == "failed"]


def codes(given: dict[str, Any]) -> list[str]:
    return list(checked(given))


def departments(given: dict[str, Any]) -> list[object]:
    return [answer["source_department"] for answer in checked(given).values()]


def straying(given: dict[str, Any]) -> object:
    """Return what the check shows of an industry code that no category has."""
    return checked(given, industry_code="T9600")["industry-outside-category"]["values"]


def category_counts(given: dict[str, Any]) -> object:
    """Return whether the industry code of an application is within its category."""
    return checked(given)["industry-outside-category"]["verdict"]


def applied(given: dict[str, Any]) -> Any:  # noqa: ANN401 -- the parts of the item
    programme = rules(given)
    return programme.item_of(answers(programme))


def same_item(given: dict[str, Any]) -> bool:
    """Return whether two applications for one trademark in two categories are for the same item."""
    programme = rules(given)
    one, other = (answers(programme, product_category=name) for name in ("new_energy", "chemicals"))
    return programme.item_of(one).scope == programme.item_of(other).scope


def named_item(given: dict[str, Any]) -> object:
    one = submitted(given)
    return one.item, one.priorities


def completeness(given: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is missing in an application without its first material."""
    kinds = [each.kind for each in rules(fullest()).materials.kinds][1:]
    found = content.problems_of(answers(rules(given)), [{"kind": kind} for kind in kinds], programme=rules(given))
    return [(each.pointer, each.code) for each in found]


def attaching(given: dict[str, Any]) -> str:
    """Return whether a picture of nine megabytes is taken as the first material."""
    programme, kind = rules(given), rules(fullest()).materials.kinds[0].kind
    return verdict(content.with_file, [], kind=kind, name="a", file=replace(FILE), programme=programme)
