"""Who declares a recusal, and that it binds until it is lifted; `test_every_step.py` walks what it binds."""

from support.casts.reviewing import (
    APPLICANT,
    DEPARTMENT,
    OBSERVER,
    OFFICE,
    OFFICER,
    PARTNER,
    RECOMMENDER,
    Round,
    audited,
    uscc,
)
from support.service.alone import Alone

WHY = {"reason": "近亲属任职。"}
OTHER_OFFICE = "office|SD-OFFICE|370000|office-2"


async def recuse(service: Alone, who: str, *, number: int = 1) -> None:
    """Have a person declare that he is recused from the n-th firm."""
    declared = await service.send("POST", "/v1/recusals", {"applicant": uscc(number), **WHY}, who=who)
    assert declared.status_code == 201, declared.text


async def test_everybody_who_acts_declares_his_own_recusal_and_supervisors_that_of_others(service: Alone) -> None:
    await recuse(service, RECOMMENDER)
    body = {"person": "office-1", "applicant": uscc(1), **WHY}

    of_another = await service.send("POST", "/v1/recusals", body, who=RECOMMENDER)
    by_observer = await service.send("POST", "/v1/recusals", body, who=OBSERVER)
    others = [await service.send("POST", "/v1/recusals", body, who=who) for who in (APPLICANT, PARTNER, DEPARTMENT)]

    assert (of_another.status_code, of_another.json()["code"]) == (403, "recusal-of-another")
    assert (by_observer.status_code, by_observer.json()["person"]) == (201, "office-1")
    assert {one.status_code for one in others} == {403}
    rows = await service.rows("recusals")
    assert sorted(row["person"] for row in rows) == ["office-1", "recommender-1"]
    assert await audited(service, by_observer.json()["id"]) == [("observer-1", "declare", None, "declared")]
    for who, seen in ((RECOMMENDER, 1), (OFFICER, 2), (OFFICE, 2), (OBSERVER, 2)):
        assert len((await service.send("GET", "/v1/recusals", who=who)).json()["items"]) == seen
    path = f"/v1/recusals/{by_observer.json()['id']}"
    hidden = await service.send("GET", path, who=RECOMMENDER)
    own = await service.send("POST", f"{path}/liftings", WHY, who=OFFICE)
    lifted = await service.send("POST", f"{path}/liftings", WHY, who=OTHER_OFFICE)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "recusal-not-found")
    assert (own.status_code, own.json()["code"]) == (403, "lifted-by-another")
    assert (lifted.status_code, lifted.json()["in_force"]) == (201, False)


async def test_who_is_recused_acts_on_no_case_of_the_firm_until_it_is_lifted(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    notice = await round_.notice()
    filed = await round_.object(notice["id"])
    await recuse(service, OFFICE)
    await recuse(service, OFFICER)
    review, path = round_.reviews["app_1"], f"/v1/objections/{filed['id']}"
    removal = {"review_id": review, "ground": "veto", "veto_rule": "tax_evasion", **WHY}
    list_ = f"/v1/rankings/{notice['ranking_id']}/removals"

    refused = [
        await service.send("POST", f"/v1/reviews/{review}/holds", WHY, who=OFFICE),
        await service.send("POST", list_, removal, who=OFFICE),
        await service.send("POST", list_, removal, who=OFFICER),
        await service.send("POST", f"{path}/hearings", {"question": "请说明。"}, who=OFFICER),
        await service.send("POST", f"{path}/answers", {"verdict": "rejected", **WHY}, who=OFFICER),
    ]

    assert [(one.status_code, one.json()["code"]) for one in refused] == [(403, "recused")] * len(refused)
    other_case = await service.send("POST", f"/v1/reviews/{round_.reviews['app_2']}/holds", WHY, who=OFFICE)
    other_person = await service.send("POST", f"/v1/reviews/{review}/holds", WHY, who=OTHER_OFFICE)
    read = await service.send("GET", f"/v1/reviews/{review}", who=OFFICE)
    assert [one.status_code for one in (other_case, other_person, read)] == [201, 201, 200]
    (recusal,) = [row for row in await service.rows("recusals") if row["person"] == "office-1"]
    await round_.post(f"/v1/recusals/{recusal['id']}/liftings", WHY, who=OTHER_OFFICE)
    assert (await service.send("POST", f"/v1/reviews/{review}/releases", WHY, who=OFFICE)).status_code == 201
