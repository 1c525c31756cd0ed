"""The experts of a case's panel read its materials: those who sit on it now, and nothing else of the application."""

import pytest
from httpx import Response

from common.contracts.review.reviews import Outcome, WithdrawalOutcome
from common.kernel.event import Event
from support.casts import programmes
from support.casts.applying import (
    APPLICANT,
    CITY,
    COUNTY,
    HONOUR,
    OFFICE,
    OFFICER,
    PERIOD,
    attach,
    begin,
    bring_to,
    do,
    enter_agencies,
    made,
    publish_definition,
    read,
    register,
)
from support.casts.following import Following
from support.service.alone import Alone
from support.service.pdfs import pdf_of


async def attachments(service: Alone, application_id: str) -> list[str]:
    return [each["digest"] for each in (await read(service, application_id))["attachments"]]


async def ask(service: Alone, application_id: str, digest: str, sub: str = "expert-1") -> Response:
    path = f"/v1/applications/{application_id}/attachments/{digest}"
    return await service.send("GET", path, who=f"expert|FREE|370300|{sub}")


async def test_an_expert_reads_every_material_of_his_case_and_of_no_other(service: Alone) -> None:
    one = await bring_to(service, "accepted")
    of = await Following.of(service, one)
    digests = await attachments(service, one)
    before = await ask(service, one, digests[0])

    await service.deliver(of.drawn("expert-1", "expert-2"))

    assert digests
    assert (before.status_code, before.json()["code"]) == (404, "application-not-found")
    assert [(await ask(service, one, each)).status_code for each in digests] == [200] * len(digests)
    for stranger in ("expert-3", "EXPERT-1", "expert", "expert-1%"):
        refused = await ask(service, one, digests[0], stranger)
        assert (refused.status_code, refused.json()["code"]) == (404, "application-not-found"), stranger
    for path in ("/v1/applications", f"/v1/applications/{one}"):
        assert (await service.send("GET", path, who="expert|FREE|370300|expert-1")).status_code == 403
    as_recommender = await service.send("GET", f"/v1/applications/{one}", who="expert+recommender|QD|370202|expert-1")
    assert as_recommender.status_code == 404, "sitting on the panel opens the materials only"
    seen = await service.send("GET", f"/v1/applications/{one}", who=OFFICER)
    assert "expert-1" not in seen.text


@pytest.mark.parametrize("end", ["changed", "dissolved", "completed", "withdrawn"])
async def test_an_expert_who_leaves_the_panel_reads_no_more(service: Alone, end: str) -> None:
    state = "withdrawal_requested" if end == "withdrawn" else "accepted"
    one = await bring_to(service, state)
    of = await Following.of(service, one)
    (digest, *_) = await attachments(service, one)
    await service.deliver(of.drawn("expert-1", "expert-2"))
    ends: dict[str, Event] = {
        "changed": of.panel_changed("expert-2", "expert-3"),
        "dissolved": of.panel_dissolved(),
        "completed": of.completed(Outcome.NOT_RECOGNISED),
        "withdrawn": of.settled(WithdrawalOutcome.WITHDRAWN),
    }

    await service.deliver(ends[end])

    assert (await ask(service, one, digest)).status_code == 404
    assert (await ask(service, one, digest, "expert-2")).status_code == (200 if end == "changed" else 404)
    if end == "completed":
        await service.deliver(of.panel_changed("expert-1"))
        assert (await ask(service, one, digest)).status_code == 404, "nobody judges what has ended"


async def test_under_a_double_blind_review_the_experts_do_not_read_what_names_the_applicant(service: Alone) -> None:
    withheld, *open_kinds = programmes.required_materials(HONOUR)
    rules = programmes.definition(HONOUR)
    blind = {"level": "double", "withheld_materials": [withheld], "source": "default: ours"}
    rules["review"]["blind"] = blind
    published = await publish_definition(service, rules)
    opened = await made(service, "/v1/rounds", {"programme_id": published["id"], "year": 2015, **PERIOD}, OFFICE)
    await enter_agencies(service)
    await register(service)
    one = str((await begin(service, opened["id"]))["id"])
    for kind in (withheld, *open_kinds):
        attached = await attach(service, one, kind, content=pdf_of(kind))
        assert attached.status_code == 201, attached.text
    for verb, who, body in (
        ("submissions", APPLICANT, None),
        ("recommendations", COUNTY, {"opinion": "同意推荐。"}),
        ("recommendations", CITY, {"opinion": "同意推荐。"}),
        ("acceptances", OFFICER, None),
    ):
        await do(service, one, verb, who, body)
    await service.deliver((await Following.of(service, one)).drawn("expert-1"))

    by_kind = {each["kind"]: each["digest"] for each in (await read(service, one))["attachments"]}
    seen = {kind: (await ask(service, one, digest)).status_code for kind, digest in by_kind.items()}
    assert seen == dict.fromkeys(open_kinds, 200) | {withheld: 404}
    by_officer = f"/v1/applications/{one}/attachments/{by_kind[withheld]}"
    assert (await service.send("GET", by_officer, who=OFFICER)).status_code == 200
