"""A round under review, brought to any stage by events and over HTTP; every firm and person is fictitious.

Three experts sit on every panel of the service brand, and exactly three of the pool are free of conflicts.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from stdnum.cn.uscc import calc_check_digit

from common.contracts.applications import ApplicationAccepted, Names, ProgrammePublished, RoundOpened
from common.digests import digest
from common.programme import Programme
from support import programmes
from support.service import START, Alone

HONOUR: Final = "SERVICE_BRAND"
ROUND: Final = "rnd_2015"
YEAR: Final = 2015
OFFICER: Final = "recognition_officer|SD-BODY|370000|officer-1"
OFFICE: Final = "office|SD-OFFICE|370000|office-1"
OBSERVER: Final = "observer|SD-WATCH|370000|observer-1"
DEPARTMENT: Final = "department|SD-TRADE|370000|department-1"
PARTNER: Final = "partner|JN-PARTNER|370100|partner-1"
FAR_PARTNER: Final = "partner|QD-PARTNER|370200|partner-2"
APPLICANT: Final = "applicant|91370102FAKE00013R|370102|applicant-1"
RECOMMENDER: Final = "recommender|SD-370102|370102|recommender-1"
ADMINISTRATOR: Final = "administrator|OPS||administrator-1"
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


EMPLOYER: Final = uscc(10000, division="370300")


def definition(*, quota: int | None = None, reserve: int | None = None) -> dict[str, Any]:
    """Return the service brand's definition, with other numbers of places where given."""
    changed = programmes.definition(HONOUR)
    if quota is not None:
        changed["quota"]["total"] = quota
    if reserve is not None:
        changed["quota"]["reserve"] = reserve
    return changed


def published(rules: dict[str, Any]) -> ProgrammePublished:
    """Return the news of an edition."""
    names = Names(zh="山东省服务名牌", en="Shandong Service Brand")
    return ProgrammePublished(
        programme_id="prg_1", honour=HONOUR, edition=1, digest=digest(rules), names=names, definition=rules
    )


def opened(rules: dict[str, Any], *, round_id: str = ROUND) -> RoundOpened:
    """Return the news of a round under these rules."""
    return RoundOpened(
        round_id=round_id,
        honour=HONOUR,
        year=YEAR,
        programme_id="prg_1",
        edition=1,
        programme_digest=digest(rules),
        opens_at=START,
        closes_at=datetime.fromisoformat("2015-12-01T00:00:00+08:00"),
    )


def accepted(rules: dict[str, Any], number: int = 1, *, round_id: str = ROUND) -> ApplicationAccepted:
    """Return the news of the n-th firm's acceptance."""
    snapshot = deepcopy(programmes.snapshot(HONOUR))
    snapshot["applicant"] |= {"uscc": uscc(number), "name": f"济南虚构服务{number}号有限公司", "division": "370102"}
    snapshot["item"] = f"旅游接待服务{number}"
    return ApplicationAccepted(
        application_id=f"app_{number}",
        round_id=round_id,
        honour=HONOUR,
        applicant=uscc(number),
        division="370102",
        digest=f"sha256:{number:064x}",
        programme_digest=digest(rules),
        edition=1,
        accepted_at=START,
        recommenders=RECOMMENDERS,
        snapshot=snapshot,
    )


def person(
    sub: str, *, employer: str = EMPLOYER, division: str = "370302", conflicts: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the body that enters an expert."""
    return {
        "sub": sub,
        "name": f"评委{sub}",
        "employer": employer,
        "division": division,
        "specialities": ["服务"],
        "conflicts": list(conflicts),
    }


@dataclass
class Round:
    """A round of `firms` cases; each method takes it one stage further and returns the answer's body."""

    service: Alone
    firms: int = 1
    quota: int | None = None
    reserve: int | None = None
    reviews: dict[str, str] = field(default_factory=dict)
    """Review ids by application id."""

    async def open(self) -> "Round":
        """Tell programme, round and acceptances."""
        rules = definition(quota=self.quota, reserve=self.reserve)
        await self.service.tell(published(rules))
        await self.service.tell(opened(rules))
        for number in range(1, self.firms + 1):
            await self.service.tell(accepted(rules, number))
        self.reviews = {row["application_id"]: row["id"] for row in await self.service.rows("reviews")}
        return self

    async def post(self, path: str, body: dict[str, Any] | None = None, *, who: str = OFFICER) -> dict[str, Any]:
        """Send a command that must succeed."""
        answer = await self.service.send("POST", path, body, who=who)
        assert answer.status_code == 201, answer.text
        content: dict[str, Any] = answer.json()
        return content

    async def pool(self) -> "Round":
        """Enter three experts who are free of conflicts."""
        for sub in EXPERTS:
            await self.post("/v1/experts", person(sub))
        return self

    async def draw(self) -> dict[str, Any]:
        """Enter the pool and draw the panels."""
        await self.pool()
        return await self.post("/v1/draws", {"round_id": ROUND, "seed": "draw seed"})

    async def fill_in(self, sheet: dict[str, Any], scores: dict[str, str]) -> dict[str, Any]:
        """Fill in a sheet row as its expert; returns the answer's body."""
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
        return await self.post("/v1/deliberations", vote(notice["ranking_id"]))

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
        return Programme.from_definition(definition(quota=self.quota, reserve=self.reserve))


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
    """Return the body of a vote."""
    return {
        "ranking_id": ranking_id,
        "votes_for": votes_for,
        "votes_against": votes_against,
        "abstained": abstained,
        "minutes": "会议审议了名单。",
    }


def announcement(deliberation_id: str, *, number: str = "鲁名牌字〔2015〕8号") -> dict[str, Any]:
    """Return the body of an announcement."""
    return {"deliberation_id": deliberation_id, "document_number": number, "effective_on": "2015-12-20"}


async def audited(service: Alone, subject_id: str) -> list[tuple[Any, ...]]:
    """Return what the audit says of a thing: who, what, from where, to where."""
    rows = [row for row in await service.rows("audit") if row["subject_id"] == subject_id]
    ordered = sorted(rows, key=lambda row: row["seq"])
    return [(row["actor_sub"], row["action"], row["from_state"], row["to_state"]) for row in ordered]
