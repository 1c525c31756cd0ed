"""Applications by the shortest way: to any state over HTTP, or as aggregates that no database has seen."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from applications_service.applications.model import Application, Recommender
from applications_service.programmes.model import ProgrammeEdition
from applications_service.rounds.model import Round
from common.contracts.applications import Contact
from common.divisions import Level
from common.ids import new_id
from support import programmes
from support.service import START, Alone

HONOUR: Final = "FAMOUS_PRODUCT"
USCC: Final = "91370102FAKE00013R"
OTHER_USCC: Final = "91370202FAKE0003XH"
ADMINISTRATOR: Final = "administrator|OPS"
OFFICE: Final = "office|SD-OFFICE|370000"
OFFICER: Final = "recognition_officer|SD-BODY|370000"
APPLICANT: Final = f"applicant|{USCC}"
STRANGER: Final = f"applicant|{OTHER_USCC}"
COUNTY: Final = "recommender|SD-370102|370102"
CITY: Final = "recommender|SD-370100|370100"
OTHER_CITY: Final = "recommender|SD-370200|370200"
OBSERVER: Final = "observer|SD-WATCH|370000"
PDF: Final = b"%PDF-1.4\n%%EOF\n"
PERIOD: Final = {"opens_at": "2015-10-08T00:00:00+08:00", "closes_at": "2015-12-01T00:00:00+08:00"}
CONTACT: Final = {"name": "演示联系人", "email": "contact@firm.example.test", "phone": "0531-00000000"}
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
    return await made(service, "/v1/programmes", {"definition": programmes.definition(honour)}, ADMINISTRATOR)


async def open_round(service: Alone, honour: str = HONOUR) -> dict[str, Any]:
    """Publish a programme and open its round of 2015."""
    programme = await publish(service, honour)
    return await made(service, "/v1/rounds", {"programme_id": programme["id"], "year": 2015, **PERIOD}, OFFICE)


async def register(service: Alone, **changes: object) -> dict[str, Any]:
    """Register the firm, or another one by changes."""
    body = {**FIRM, "contact": CONTACT, **changes}
    return await made(service, "/v1/applicants", body, f"applicant|{body['uscc']}")


async def draft(service: Alone) -> dict[str, Any]:
    """Begin a draft with complete answers in an open round."""
    round_ = await open_round(service)
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


async def complete(service: Alone, application_id: str) -> None:
    """Attach every required material."""
    for kind in programmes.required_materials(HONOUR):
        assert (await attach(service, application_id, kind)).status_code == 201


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


async def _draft(service: Alone) -> str:
    return str((await draft(service))["id"])


_AFTER: Final[dict[str, tuple[Callable[[Alone], Awaitable[str]], str, str, Any]]] = {
    "returned": (_submitted, "returns", COUNTY, REASON),
    "supplement_requested": (_recommended, "supplement-requests", OFFICER, REASON),
    "accepted": (_recommended, "acceptances", OFFICER, None),
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
    "rejected",
    "withdrawn",
)


async def bring_to(service: Alone, state: str) -> str:
    """Bring one application to a state by the verbs that lead there; returns its id."""
    straight = {"draft": _draft, "submitted": _submitted, "recommended": _recommended}
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
WHOM: Final = Contact(name="演示联系人", email="contact@firm.example.test", phone=None)
IN_COUNTY: Final = Recommender(agency="SD-370102", division="370102", level=Level.COUNTY)
IN_CITY: Final = Recommender(agency="SD-370100", division="370100", level=Level.CITY)


def new_edition() -> ProgrammeEdition:
    """Return the first edition of the honour, not published yet."""
    return ProgrammeEdition(
        id="prg_1",
        honour=HONOUR,
        edition=1,
        digest=RULES.digest,
        name_zh=RULES.name.zh,
        name_en=RULES.name.en,
        definition=RULES.definition,
        published_at=START,
    )


def new_round() -> Round:
    """Return an open round, from the test's beginning to the first of December."""
    return Round.opened(
        round_id="rnd_1",
        programme=new_edition(),
        year=2015,
        opens_at=START,
        closes_at=datetime(2015, 12, 1, tzinfo=UTC),
    )


def new_application(state: str = "draft", **changes: object) -> Application:
    """Return an application in a state, with complete content, and nothing recorded."""
    application = Application(
        id="app_1",
        round_id="rnd_1",
        honour=HONOUR,
        edition=1,
        programme_digest=RULES.digest,
        applicant=USCC,
        applicant_name=str(FIRM["name"]),
        applicant_kind="enterprise",
        division="370102",
        answers=programmes.answers(HONOUR),
        created_at=START,
        attachments=[
            {"kind": kind, "name": kind, "digest": f"sha256:{kind}", "size": 1, "media_type": "application/pdf"}
            for kind in programmes.required_materials(HONOUR)
        ],
    )
    application.identify(RULES)
    if state != "draft":
        _hand_in(application)
    if state in {"recommended", "supplement_requested", "accepted", "rejected"}:
        for by in (IN_COUNTY, IN_CITY):
            application.recommend(by=by, programme=RULES, opinion="同意推荐。", at=START)
    match state:
        case "returned":
            application.return_(by=IN_COUNTY, programme=RULES, reason="请更换检验报告。")
        case "supplement_requested":
            application.request_supplement(reason="请补正。", due_on=START.date())
        case "accepted":
            application.accept(programme=RULES, year=2015, at=START)
        case "rejected":
            application.reject(reasons=["不在申报目录内。"])
        case "withdrawn":
            application.withdraw(reason="不再申报。")
    for name, value in changes.items():
        setattr(application, name, value)
    application.recorded.clear()
    return application


def _hand_in(application: Application) -> None:
    application.submit(round_=new_round(), programme=RULES, contact=WHOM, others_in_scope=0, at=START)
