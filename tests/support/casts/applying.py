"""Applications by the shortest way: to any state over HTTP, or as aggregates that no database has seen."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any, Final

import httpx

from applications_service.intake.applications.model import NOT_CORRECTED_IN_TIME, Application
from applications_service.rules.programmes.model import ProgrammeEdition
from applications_service.rules.rounds.model import Round
from applications_service.rules.rounds.windows import Windows, planned
from applications_service.service import SERVICE
from common.codes.calendar import WorkingCalendar
from common.contracts.applications.contacts import Contact
from common.kernel.ids import new_id
from common.programme import Programme
from common.programme.terms import Terms
from common.standing.checks import Standing
from support.casts import programmes
from support.casts.actors import actor, id_of
from support.service.alone import START, Alone
from support.service.pdfs import pdf_of

HONOUR: Final = "FAMOUS_PRODUCT"
USCC: Final = "91370102FAKE00013R"
OTHER_USCC: Final = "91370202FAKE0003XH"
ADMINISTRATOR: Final = "administrator|OPS"
OFFICE: Final = "office|SD-OFFICE|370000"
OTHER_OFFICE: Final = "office|SD-OFFICE|370000|person-2"
OFFICER: Final = "recognition_officer|SD-BODY|370000"
APPLICANT: Final = f"applicant|{USCC}|370102"
STRANGER: Final = f"applicant|{OTHER_USCC}|370202"
COUNTY: Final = "recommender|SD-370102|370102"
CITY: Final = "recommender|SD-370100|370100"
OTHER_CITY: Final = "recommender|SD-370200|370200"
OBSERVER: Final = "observer|SD-WATCH|370000"
PDF: Final = pdf_of("licence")
PERIOD: Final = {"opens_at": "2015-10-08T00:00:00+08:00", "closes_at": "2015-12-01T00:00:00+08:00"}
CONTACT: Final = {"name": "演示联系人", "email": "contact@firm.example.test", "phone": "0531-00000000"}
STORED_CONTACT: Final = CONTACT | {"named_at": "2015-10-08T01:00:00Z"}
FIRM: Final = {"uscc": USCC, "name": "济南虚泉精密机械有限公司", "kind": "enterprise", "division": "370102"}
REASON: Final = {"reason": "请更换检验报告。"}


# Over HTTP --------------------------------------------------------------------------------------------------


async def made(service: Alone, path: str, body: object, who: str) -> dict[str, Any]:
    """Send a POST that must succeed; returns the answer."""
    answer = await service.send("POST", path, body, who=who)
    assert answer.status_code == 201, answer.text
    content: dict[str, Any] = answer.json()
    return content


async def publish(service: Alone, honour: str = HONOUR) -> dict[str, Any]:
    """Publish an honour's programme."""
    return await publish_definition(service, programmes.definition(honour))


async def publish_definition(service: Alone, definition: dict[str, Any]) -> dict[str, Any]:
    """Have a definition proposed by the office and published by another person."""
    proposed = await made(service, "/v1/programmes", {"definition": definition}, OFFICE)
    return await made(service, f"/v1/programmes/{proposed['id']}/publications", None, OTHER_OFFICE)


async def open_round(service: Alone, honour: str = HONOUR, **period: str) -> dict[str, Any]:
    """Enter the agencies, publish a programme and open its round of 2015."""
    await enter_agencies(service)
    body = {"programme_id": (await publish(service, honour))["id"], "year": 2015, **PERIOD, **period}
    return await made(service, "/v1/rounds", body, OFFICE)


async def enter_agencies(service: Alone) -> None:
    """Enter the agencies that recommend here; those of an earlier call stay."""
    recommenders = ("370000", "370100", "370102", "370103", "370200")
    codes = [*((f"SD-{division}", division) for division in recommenders), ("SD-OFFICE", "370000")]
    for code, division in codes:
        kind = "city" if division.endswith("00") else "county"
        kind = "leading_group_office" if division == "370000" else kind
        body = {"code": code, "kind": kind, "name": f"机构 {code}", "division": division}
        answer = await service.send("POST", "/v1/agencies", body, who=ADMINISTRATOR)
        assert answer.status_code in {201, 409}, answer.text


async def register(service: Alone, **changes: object) -> dict[str, Any]:
    """Register the firm, or another one by changes; its account names its division."""
    body = {**FIRM, "contact": CONTACT, **changes}
    return await made(service, "/v1/applicants", body, f"applicant|{body['uscc']}|{body['division']}")


async def draft(service: Alone, **period: str) -> dict[str, Any]:
    """Begin a draft with complete answers in an open round."""
    round_ = await open_round(service, **period)
    await register(service)
    return await begin(service, round_["id"])


async def begin(service: Alone, round_id: str, who: str = APPLICANT, **changes: object) -> dict[str, Any]:
    """Begin one more draft in a round."""
    body = {"round_id": round_id, "answers": programmes.answers(HONOUR) | changes}
    return await made(service, "/v1/applications", body, who)


async def attach(
    service: Alone, application_id: str, kind: str, *, who: str = APPLICANT, content: bytes = PDF, **headers: str
) -> httpx.Response:
    """Attach a file as one kind of material."""
    given = {"Authorization": f"Bearer {who}", "Idempotency-Key": new_id("key")}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    files = {"file": (f"{kind}.pdf", content, "application/pdf")}
    path = f"/v1/applications/{application_id}/attachments"
    return await service.client.post(path, data={"kind": kind}, files=files, headers=given)


async def complete(service: Alone, application_id: str, *, who: str = APPLICANT) -> None:
    """Attach every required material."""
    for kind in programmes.required_materials(HONOUR):
        assert (await attach(service, application_id, kind, who=who)).status_code == 201


async def do(service: Alone, application_id: str, verb: str, who: str, body: object = None) -> dict[str, Any]:
    """Do one verb to an application."""
    return await made(service, f"/v1/applications/{application_id}/{verb}", body, who)


async def _submitted(service: Alone) -> str:
    application_id = str((await draft(service))["id"])
    await complete(service, application_id)
    await do(service, application_id, "submissions", APPLICANT)
    return application_id


async def _recommended(service: Alone) -> str:
    application_id = await _submitted(service)
    await do(service, application_id, "recommendations", COUNTY, {"opinion": "材料属实，同意推荐。"})
    await do(service, application_id, "recommendations", CITY, {"opinion": "同意推荐。"})
    return application_id


async def _accepted(service: Alone) -> str:
    return await bring_to(service, "accepted")


async def _draft(service: Alone) -> str:
    return str((await draft(service))["id"])


_AFTER: Final[dict[str, tuple[Callable[[Alone], Awaitable[str]], str, str, Any]]] = {
    "returned": (_submitted, "returns", COUNTY, REASON),
    "supplement_requested": (_recommended, "supplement-requests", OFFICER, REASON),
    "accepted": (_recommended, "acceptances", OFFICER, None),
    "withdrawal_requested": (_accepted, "withdrawals", APPLICANT, {"reason": "不再申报。"}),
    "rejected": (_recommended, "rejections", OFFICER, {"reasons": ["不在申报目录内。"]}),
    "withdrawn": (_submitted, "withdrawals", APPLICANT, {"reason": "不再申报。"}),
}
STATES: Final = (
    "draft",
    "submitted",
    "returned",
    "recommended",
    "supplement_requested",
    "accepted",
    "withdrawal_requested",
    "rejected",
    "withdrawn",
    "lapsed",
)


async def _lapsed(service: Alone) -> str:
    application_id = await bring_to(service, "returned")
    service.legal.move(days=30)
    await run_jobs(service)
    return application_id


async def pass_term(service: Alone, state: str) -> str:
    """Bring one application to a state and let the term that runs there pass; returns its id."""
    application_id = await bring_to(service, state)
    service.legal.move(days=15)
    await run_jobs(service)
    return application_id


async def run_jobs(service: Alone) -> None:
    """Let the jobs of the service do what is due now."""
    for job in SERVICE.jobs:
        while await job.run(service.runtime):
            pass


async def bring_to(service: Alone, state: str) -> str:
    """Bring one application to a state by the verbs that lead there; returns its id."""
    straight = {"draft": _draft, "submitted": _submitted, "recommended": _recommended, "lapsed": _lapsed}
    if state in straight:
        return await straight[state](service)
    before, verb, who, body = _AFTER[state]
    application_id = await before(service)
    await do(service, application_id, verb, who, body)
    return application_id


async def read(service: Alone, application_id: str, who: str = APPLICANT) -> dict[str, Any]:
    """Read an application."""
    answer = await service.send("GET", f"/v1/applications/{application_id}", who=who)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


async def last_audit(service: Alone) -> tuple[Any, ...]:
    """Return who did what to what last: person, action, subject, state before and after, reason."""
    row = (await service.rows("audit"))[-1]
    return tuple(row[name] for name in ("actor_sub", "action", "subject_id", "from_state", "to_state", "reason"))


# Without a database -----------------------------------------------------------------------------------------

RULES: Final = programmes.programme(HONOUR)
WHOM: Final = Contact(name="演示联系人", email="contact@firm.example.test", phone=None, named_at=START)
IN_COUNTY: Final = actor("recommender", org="SD-370102", division="370102")
IN_CITY: Final = actor("recommender", org="SD-370100", division="370100")
TERMS: Final = Terms(RULES, WorkingCalendar(), START.date())
AT_BODY: Final = actor("recognition_officer", org="SD-BODY")
APPLYING: Final = actor("applicant")


def new_edition() -> ProgrammeEdition:
    """Return an edition of the honour that `person-1` proposes."""
    return edition_of(RULES.definition)


def edition_of(definition: dict[str, Any]) -> ProgrammeEdition:
    """Return an edition with these rules that `person-1` proposes."""
    rules = Programme.from_definition(definition)
    return ProgrammeEdition(
        id="prg_1",
        honour=rules.honour,
        digest=rules.digest,
        name_zh=rules.name.zh,
        name_en=rules.name.en,
        definition=rules.definition,
        proposed_at=START,
        proposed_by="person-1",
    )


def published_edition(definition: dict[str, Any] | None = None) -> ProgrammeEdition:
    """Return the first published edition of the honour, or one with these rules."""
    edition = edition_of(definition or RULES.definition)
    edition.edition = 1
    return edition


def new_windows(**changes: datetime) -> Windows:
    """Return the windows of a round from the test's beginning to the end of November, with the programme's terms."""
    given: dict[str, Any] = {
        "opens_at": START,
        "closes_at": datetime(2015, 11, 30, 16, tzinfo=UTC),
        "recommendation_closes_at": None,
        "acceptance_closes_at": None,
    }
    return planned(RULES, WorkingCalendar(), **(given | changes))


def new_round(**changes: datetime) -> Round:
    """Return an open round, from the test's beginning to the end of November."""
    return Round.opened(
        round_id="rnd_1",
        programme=published_edition(),
        year=2015,
        windows=new_windows(**changes),
        years_held=[],
        at=START,
    )


def terms_on(day: date) -> Terms:
    """Return the programme's terms counted from a day."""
    return Terms(RULES, WorkingCalendar(), day)


def new_application(state: str = "draft", **changes: object) -> Application:
    """Return an application in a state, with complete content, and nothing recorded."""
    application = Application(
        id="app_1",
        round_id="rnd_1",
        honour=HONOUR,
        edition=1,
        programme_digest=RULES.digest,
        applicant_id=id_of(USCC),
        applicant=USCC,
        uscc=USCC,
        applicant_name=str(FIRM["name"]),
        applicant_kind="enterprise",
        division="370102",
        answers=programmes.answers(HONOUR),
        created_at=START,
        attachments=[
            {"kind": kind, "name": kind, "digest": f"sha256:{kind}", "size": 1, "media_type": "application/pdf"}
            for kind in programmes.required_materials(HONOUR)
        ],
        division_confirmation={
            "source": "account",
            "agency": None,
            "confirmed_by": "person-applicant",
            "confirmed_at": START.isoformat(),
        },
    )
    application.identify(RULES)
    if state != "draft":
        _hand_in(application)
    if state in {"recommended", "supplement_requested", "accepted", "withdrawal_requested", "rejected"}:
        for by in (IN_COUNTY, IN_CITY):
            application.recommend(by=by, round_=new_round(), terms=TERMS, opinion="同意推荐。", at=START)
    if state == "draft":
        application.wait_until_closing(round_=new_round(), terms=TERMS)
    _end(application, state)
    for name, value in changes.items():
        setattr(application, name, value)
    application.recorded.clear()
    return application


def _hand_in(application: Application) -> None:
    application.submit(round_=new_round(), terms=TERMS, contact=WHOM, others_in_scope=0, standing=Standing(), at=START)


def _end(application: Application, state: str) -> None:
    """Make the last move to the state, when one is missing."""
    match state:
        case "returned":
            application.return_(by=IN_COUNTY, terms=TERMS, reason="请更换检验报告。")
        case "supplement_requested":
            application.request_supplement(by=AT_BODY, round_=new_round(), terms=TERMS, reason="请补正。", at=START)
        case "accepted":
            application.accept(by=AT_BODY, round_=new_round(), programme=RULES, standing=Standing(), at=START)
        case "withdrawal_requested":
            application.accept(by=AT_BODY, round_=new_round(), programme=RULES, standing=Standing(), at=START)
            application.withdraw(by=APPLYING, reason="不再申报。", at=START)
        case "lapsed":
            application.return_(by=IN_COUNTY, terms=TERMS, reason="请更换检验报告。")
            application.lapse(reason=NOT_CORRECTED_IN_TIME)
        case "rejected":
            application.reject(by=AT_BODY, reasons=["不在申报目录内。"])
        case "withdrawn":
            application.withdraw(by=APPLYING, reason="不再申报。", at=START)
