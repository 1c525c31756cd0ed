"""A round under review, brought to any stage by events and over HTTP; every firm and person is fictitious.

Three experts sit on every panel of the service brand, and exactly three of the pool are free of conflicts; each of them
can take any seat and works for an organisation of his own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zlib import crc32

from httpx import Response
from stdnum.cn.uscc import calc_check_digit

from common.contracts.applications.applications import ApplicationAccepted, WithdrawalRequested
from common.contracts.applications.programmes import Names, ProgrammePublished
from common.contracts.applications.rounds import AcceptanceConcluded, RoundOpened
from common.kernel.digests import digest
from common.kernel.ids import new_id
from common.programme import Programme
from support.casts import programmes
from support.casts.actors import id_of
from support.service.alone import START, Alone
from support.service.pdfs import pdf_of

HONOUR: Final = "SERVICE_BRAND"
ROUND: Final = "rnd_2015"
YEAR: Final = 2015
OFFICER: Final = "recognition_officer|SD-BODY|370000|officer-1"
OTHER_OFFICER: Final = "recognition_officer|SD-BODY|370000|officer-2"
OFFICE: Final = "office|SD-OFFICE|370000|office-1"
OBSERVER: Final = "observer|SD-WATCH|370000|observer-1"
DEPARTMENT: Final = "department|SD-TRADE|370000|department-1"
PARTNER: Final = "partner|JN-PARTNER|370100|partner-1"
FAR_PARTNER: Final = "partner|QD-PARTNER|370200|partner-2"
APPLICANT: Final = "applicant|91370102FAKE00013R|370102|applicant-1"
RECOMMENDER: Final = "recommender|SD-370102|370102|recommender-1"
ADMINISTRATOR: Final = "administrator|OPS||administrator-1"
SEATS: Final = 15
"""The seats that the service brand gives the recognition body."""
EXPERTS: Final = ("expert-1", "expert-2", "expert-3")
EVERYBODY: Final = (
    OFFICER,
    OFFICE,
    OBSERVER,
    DEPARTMENT,
    PARTNER,
    FAR_PARTNER,
    APPLICANT,
    RECOMMENDER,
    ADMINISTRATOR,
    *(f"expert|FREE|370300|{sub}" for sub in EXPERTS),
)
RECOMMENDERS: Final = ("SD-370102", "SD-370100")


def expert(sub: str) -> str:
    """Return the token of an expert."""
    return f"expert|FREE|370300|{sub}"


def uscc(number: int, *, division: str = "370102") -> str:
    """Return the valid, fictitious code of the n-th firm."""
    base = f"91{division}FAKE{number:05d}"
    return base + str(calc_check_digit(base))


def employer_of(sub: str) -> str:
    """Return the code of the organisation that an expert works for."""
    return uscc(10_000 + crc32(sub.encode()) % 90_000, division="370300")


def firm(number: int) -> str:
    """Return the token of the n-th firm."""
    return f"applicant|{uscc(number)}|370102|firm-{number}"


def definition(
    *,
    quota: int | None = None,
    reserve: int | None = None,
    reserve_call: str | None = None,
    changes: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """Return the service brand's definition, with other places, call of the reserve, or `changes` by pointer."""
    changed = programmes.definition(HONOUR)
    for pointer, value in (changes or {}).items():
        programmes.set_at(changed, pointer, value)
    if quota is not None:
        changed["quota"]["total"] = quota
    if reserve is not None:
        changed["quota"]["reserve"] = reserve
    if reserve_call is not None:
        changed["quota"]["reserve_call"]["rule"] = reserve_call
    return changed


def published(rules: dict[str, Any]) -> ProgrammePublished:
    """Return the news of an edition."""
    about = {"programme_id": "prg_1", "honour": HONOUR, "edition": 1, "digest": digest(rules), "definition": rules}
    return ProgrammePublished(**about, names=Names(zh="山东省服务名牌", en="Shandong Service Brand"))


def opened(rules: dict[str, Any], *, round_id: str = ROUND, year: int = YEAR) -> RoundOpened:
    """Return the news of a round under these rules."""
    return RoundOpened(
        round_id=round_id,
        honour=HONOUR,
        year=year,
        programme_id="prg_1",
        edition=1,
        programme_digest=digest(rules),
        opens_at=START,
        closes_at=datetime.fromisoformat("2015-12-01T00:00:00+08:00"),
        recommendation_closes_at=datetime.fromisoformat("2015-12-29T00:00:00+08:00"),
        acceptance_closes_at=datetime.fromisoformat("2016-02-03T00:00:00+08:00"),
    )


def concluded(*application_ids: str, round_id: str = ROUND, year: int = YEAR) -> AcceptanceConcluded:
    """Return the news that exactly these applications of the round were accepted."""
    return AcceptanceConcluded(
        round_id=round_id,
        honour=HONOUR,
        year=year,
        accepted_count=len(application_ids),
        accepted_digest=digest(sorted(application_ids)),
        concluded_at=START,
    )


def accepted(
    rules: dict[str, Any], number: int = 1, *, of: int | None = None, round_id: str = ROUND
) -> ApplicationAccepted:
    """Return the news of the n-th acceptance, of the n-th firm or of the firm `of`."""
    firm = uscc(of or number)
    snapshot = programmes.handed_in(
        HONOUR,
        application_id=f"app_{number}",
        round_id=round_id,
        digest=digest(rules),
        item=f"旅游接待服务{number}",
        org=firm,
        name=f"济南虚构服务{number}号有限公司",
        division="370102",
    )
    return ApplicationAccepted(
        application_id=f"app_{number}",
        round_id=round_id,
        honour=HONOUR,
        applicant_id=id_of(firm),
        applicant=firm,
        division="370102",
        digest=digest(snapshot),
        programme_digest=digest(rules),
        edition=1,
        accepted_at=START,
        recommenders=RECOMMENDERS,
        snapshot=snapshot,
    )


def withdrawn(number: int = 1) -> WithdrawalRequested:
    """Return the news that the n-th firm asks to withdraw."""
    return WithdrawalRequested(
        application_id=f"app_{number}",
        round_id=ROUND,
        honour=HONOUR,
        applicant_id=id_of(uscc(number)),
        applicant=uscc(number),
        division="370102",
        reason="本年度不再申报。",
        requested_at=START,
    )


ROLES: Final = ("technical", "quality_management", "finance")
CATEGORY: Final = "tourism"


def person(
    sub: str,
    *,
    employer: str | None = None,
    division: str = "370302",
    conflicts: tuple[str, ...] = (),
    roles: tuple[str, ...] = ROLES,
    **other: object,
) -> dict[str, Any]:
    """Return the body that enters an expert, who advised the firms in `conflicts`."""
    return {
        "sub": sub,
        "name": f"评委{sub}",
        "division": division,
        "grade": "senior",
        "roles": list(roles),
        "specialities": [CATEGORY],
        "organisations": [affiliation(employer or employer_of(sub))],
        "conflicts": [affiliation(firm) | {"ground": "consulting"} for firm in conflicts],
        "absences": [],
        "yearly_load": None,
    } | other


def affiliation(organisation: str, *, since_on: str | None = None, until_on: str | None = None) -> dict[str, Any]:
    """Return a tie to an organisation."""
    return {"organisation": organisation, "since_on": since_on, "until_on": until_on}


@dataclass
class Round:
    """A round of `firms` cases; each method takes it one stage further and returns the answer's body."""

    service: Alone
    firms: int = 1
    quota: int | None = None
    reserve: int | None = None
    changes: Mapping[str, object] = field(default_factory=dict)
    """Other values in the programme, by pointer."""
    reserve_call: str | None = None
    objections: dict[str, bool] = field(default_factory=dict)
    """What the programme says of objections, where it says something else than the one that ships."""
    reviews: dict[str, str] = field(default_factory=dict)
    """Review ids by application id."""

    def rules(self) -> dict[str, Any]:
        """Return the definition that the round is under."""
        rules = definition(quota=self.quota, reserve=self.reserve, reserve_call=self.reserve_call, changes=self.changes)
        rules["objections"] |= self.objections
        return rules

    async def open(self) -> "Round":
        """Deliver the events of programme, round and acceptances."""
        rules = self.rules()
        await self.service.deliver(published(rules))
        await self.service.deliver(opened(rules))
        for number in range(1, self.firms + 1):
            await self.service.deliver(accepted(rules, number))
        self.reviews = {row["application_id"]: row["id"] for row in await self.service.rows("reviews")}
        return self

    async def post(self, path: str, body: dict[str, Any] | None = None, *, who: str = OFFICER) -> dict[str, Any]:
        """Send a command that must succeed."""
        answer = await self.service.send("POST", path, body, who=who)
        assert answer.status_code == 201, answer.text
        content: dict[str, Any] = answer.json()
        return content

    async def pool(self, *more: str) -> "Round":
        """Enter three experts who are free of conflicts, and `more`."""
        for sub in (*EXPERTS, *more):
            await self.post("/v1/experts", person(sub))
        return self

    async def conclude_acceptance(self) -> None:
        """Deliver the end of the acceptance: these cases and no others."""
        await self.service.deliver(concluded(*self.reviews))

    async def sign(self, sub: str) -> None:
        """Sign the round's statement as an expert, unless he has signed it."""
        answer = await self.service.send("POST", "/v1/statements", {"round_id": ROUND}, who=expert(sub))
        assert answer.status_code in {201, 409}, answer.text

    async def draw(self, *more: str) -> dict[str, Any]:
        """Enter the pool, with `more`, conclude the acceptance and draw the panels."""
        await self.pool(*more)
        await self.conclude_acceptance()
        return await self.post("/v1/draws", {"round_id": ROUND, "seed": "draw seed"})

    async def fill_in(self, sheet: dict[str, Any], scores: dict[str, str]) -> dict[str, Any]:
        """Fill in a sheet row as its expert, who signs first; returns the answer's body."""
        await self.sign(sheet["expert_sub"])
        answer = await self.service.send(
            "PUT",
            f"/v1/sheets/{sheet['id']}",
            {"scores": scores},
            who=expert(sheet["expert_sub"]),
            If_Match=f'"{sheet["version"]}"',
        )
        assert answer.status_code == 200, answer.text
        content: dict[str, Any] = answer.json()
        return content

    async def score(self, scores: dict[str, dict[str, str]] | None = None) -> "Round":
        """Draw, have every sheet filled in and handed in; `scores` by application id, others get 0.8 of the caps."""
        await self.draw()
        by_review = {self.reviews[application]: sheet for application, sheet in (scores or {}).items()}
        for sheet in await self.service.rows("sheets"):
            await self.fill_in(sheet, by_review.get(sheet["review_id"]) or programmes.full_scores(HONOUR))
            await self.post(f"/v1/sheets/{sheet['id']}/submissions", who=expert(sheet["expert_sub"]))
        return self

    async def rank(self, scores: dict[str, dict[str, str]] | None = None) -> dict[str, Any]:
        """Score and rank."""
        await self.score(scores)
        return await self.post("/v1/rankings", {"round_id": ROUND, "seed": "tie seed"})

    async def notice(self, scores: dict[str, dict[str, str]] | None = None) -> dict[str, Any]:
        """Rank and put on notice."""
        ranking = await self.rank(scores)
        return await self.post("/v1/notices", {"ranking_id": ranking["id"]})

    async def deliberate(self, scores: dict[str, dict[str, str]] | None = None) -> dict[str, Any]:
        """Put on notice, let it run out and vote."""
        notice = await self.notice(scores)
        self.service.legal.move(days=9)
        return await self.vote(notice["ranking_id"])

    async def vote(self, ranking_id: str) -> dict[str, Any]:
        """Record a vote with its files, and have a second person conclude it."""
        return await self.conclude(await self.post("/v1/deliberations", vote(ranking_id)))

    async def conclude(self, recorded: dict[str, Any]) -> dict[str, Any]:
        """Attach the files to a recorded vote, and have a second person conclude it."""
        await attach_ballots(self.service, recorded["id"])
        return await self.post(f"/v1/deliberations/{recorded['id']}/conclusions", who=OTHER_OFFICER)

    async def object(self, notice_id: str, application_id: str = "app_1", *, who: str = PARTNER) -> dict[str, Any]:
        """Draft an objection, attach its evidence and file it."""
        drafted = await self.post("/v1/objections", objection(notice_id, application_id), who=who)
        path = f"/v1/objections/{drafted['id']}"
        assert (await upload(self.service, f"{path}/evidence", who=who)).status_code == 201
        return await self.post(f"{path}/filings", who=who)

    async def hear(self, objection_id: str, number: int = 1) -> dict[str, Any]:
        """Ask the n-th firm for its position, and have it stated."""
        path = f"/v1/objections/{objection_id}"
        await self.post(f"{path}/hearings", {"question": "请说明。"})
        return await self.post(f"{path}/statements", {"statement": "情况属实。"}, who=firm(number))

    async def uphold(self, notice_id: str, application_id: str) -> dict[str, Any]:
        """Object to a case, hear the firm and uphold the objection."""
        filed = await self.object(notice_id, application_id)
        await self.hear(filed["id"], int(application_id.removeprefix("app_")))
        answer = {"verdict": "upheld", "reason": "经核实。"}
        return await self.post(f"/v1/objections/{filed['id']}/answers", answer)

    async def confirm(self, scores: dict[str, dict[str, str]] | None = None) -> dict[str, Any]:
        """Deliberate and confirm."""
        deliberation = await self.deliberate(scores)
        return await self.post(f"/v1/deliberations/{deliberation['id']}/confirmations", who=OFFICE)

    async def announce(self, scores: dict[str, dict[str, str]] | None = None) -> dict[str, Any]:
        """Confirm and announce."""
        deliberation = await self.confirm(scores)
        return await self.post("/v1/announcements", announcement(deliberation["id"]), who=OFFICE)

    def programme(self) -> Programme:
        """Return the rules of the round."""
        return Programme.from_definition(self.rules())


def objection(notice_id: str, application_id: str = "app_1", **other: object) -> dict[str, Any]:
    """Return the body of an objection."""
    return {
        "notice_id": notice_id,
        "application_id": application_id,
        "grounds": "所列荣誉已过期。",
        "name": "虚构异议人",
        "contact": "objector@citizen.example",
        "real_name": True,
    } | other


def vote(ranking_id: str, *, votes_for: int = 10, votes_against: int = 1, abstained: int = 1) -> dict[str, Any]:
    """Return the body of a vote; the seats that are left are absent."""
    votes = ["for"] * votes_for + ["against"] * votes_against + ["abstained"] * abstained
    votes += ["absent"] * (SEATS - len(votes))
    return {
        "ranking_id": ranking_id,
        "votes": [{"seat": seat, "member": f"member-{seat}", "vote": vote} for seat, vote in enumerate(votes, start=1)],
        "minutes": "会议审议了名单。",
    }


async def upload(service: Alone, path: str, *, who: str, content: bytes | None = None, **form: str) -> Response:
    """Send a file as a form."""
    headers = {"Idempotency-Key": new_id("key"), "Authorization": f"Bearer {who}"}
    files = {"file": ("扫描件.pdf", content or pdf_of(path), "application/pdf")}
    return await service.client.post(path, data=form, files=files, headers=headers)


async def attach_ballots(service: Alone, deliberation_id: str) -> None:
    """Attach the ballots and the minutes to a recorded vote."""
    for kind in ("ballots", "minutes"):
        sent = await upload(service, f"/v1/deliberations/{deliberation_id}/attachments", who=OFFICER, kind=kind)
        assert sent.status_code == 201, sent.text


def announcement(deliberation_id: str, *, number: str = "鲁名牌字〔2015〕8号") -> dict[str, Any]:
    """Return the body of an announcement."""
    return {"deliberation_id": deliberation_id, "document_number": number, "effective_on": "2015-12-20"}


async def audited(service: Alone, subject_id: str) -> list[tuple[Any, ...]]:
    """Return what the audit says of a thing: who, what, from where, to where."""
    rows = [row for row in await service.rows("audit") if row["subject_id"] == subject_id]
    ordered = sorted(rows, key=lambda row: row["seq"])
    return [(row["actor_sub"], row["action"], row["from_state"], row["to_state"]) for row in ordered]
