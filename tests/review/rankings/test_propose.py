import hashlib

from httpx import Response

from common.contracts.review.rankings import ShortlistProposed
from support.casts.actors import id_of
from support.casts.programmes import full_scores
from support.casts.reviewing import (
    ADMINISTRATOR,
    APPLICANT,
    DEPARTMENT,
    OBSERVER,
    OFFICE,
    OFFICER,
    PARTNER,
    ROUND,
    Round,
    audited,
    expert,
    uscc,
)
from support.service.alone import Alone

BODY = {"round_id": ROUND, "seed": "tie seed"}
SCORES = {
    "app_1": full_scores("SERVICE_BRAND", share="0.9"),
    "app_2": full_scores("SERVICE_BRAND", share="0.9"),
    "app_3": full_scores("SERVICE_BRAND", share="0.8"),
    "app_4": full_scores("SERVICE_BRAND", share="0.5"),
}


def by_ticket(reviews: dict[str, str], *applications: str) -> list[str]:
    """Order applications by the tickets of their reviews, as an outsider would compute them."""
    return sorted(applications, key=lambda one: hashlib.sha256(("tie seed" + reviews[one]).encode()).hexdigest())


async def test_the_quota_line_parts_a_tie_by_ticket_and_explains_every_place(service: Alone) -> None:
    round_ = await Round(service, firms=4, quota=1, reserve=1).open()

    ranking = await round_.rank(SCORES)

    first, second = by_ticket(round_.reviews, "app_1", "app_2")
    of_review = {review: application for application, review in round_.reviews.items()}
    places = [
        (of_review[one["id"]], one["rank"], one["place"], one["total"], one["tie"] and one["tie"]["code"])
        for one in ranking["items"]
    ]
    assert places == [
        (first, 1, "admitted", "90.00", "tie-by-ticket"),
        (second, 2, "reserve", "90.00", "tie-by-ticket"),
        ("app_3", 3, "outside_quota", "80.00", None),
        ("app_4", 4, "below_line", "50.00", None),
    ]
    rows = {row["application_id"]: (row["state"], row["rank"], row["reasons"]) for row in await service.rows("reviews")}
    assert rows == {
        first: ("shortlisted", 1, []),
        second: ("outside", 2, ["reserve", "tie-by-ticket"]),
        "app_3": ("outside", 3, ["outside-quota"]),
        "app_4": ("outside", 4, ["below-line"]),
    }
    assert (ranking["quota"], ranking["state"], ranking["seed"]) == (1, "proposed", "tie seed")
    assert await audited(service, ranking["id"]) == [("officer-1", "propose", None, "proposed")]
    (published,) = await service.published(ShortlistProposed)
    assert published["data"] == {
        "ranking_id": ranking["id"],
        "round_id": ROUND,
        "honour": "SERVICE_BRAND",
        "quota": 1,
        "items": [
            {
                "review_id": round_.reviews[application],
                "application_id": application,
                "applicant_id": id_of(uscc(int(application[-1]))),
                "applicant": uscc(int(application[-1])),
                "rank": rank,
                "admitted": rank == 1,
            }
            for rank, application in enumerate([first, second, "app_3", "app_4"], start=1)
        ],
    }


async def test_a_tie_at_the_line_is_parted_by_the_first_criterion_before_the_ticket(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite, firms=2, quota=1, reserve=0).open()
    even = full_scores("SERVICE_BRAND")
    first, second = by_ticket(round_.reviews, "app_1", "app_2")
    better = even | {"quality_process": "9.0", "brand_influence": "3.8"}

    ranking = await round_.rank({first: even, second: better})

    assert [(one["id"], one["place"], one["total"]) for one in ranking["items"]] == [
        (round_.reviews[second], "admitted", ranking["items"][1]["total"]),
        (round_.reviews[first], "outside_quota", ranking["items"][0]["total"]),
    ]
    assert {one["tie"]["params"]["decided_by"] for one in ranking["items"]} == {"service_quality"}


async def test_below_the_quality_line_nobody_wins_even_with_places_free(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite, firms=1).open()

    ranking = await round_.rank({"app_1": full_scores("SERVICE_BRAND", share="0.5")})

    assert [one["place"] for one in ranking["items"]] == ["below_line"]


async def test_a_round_is_ranked_when_every_case_has_been_scored(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite, firms=2).open()

    async def refused() -> Response:
        return await on_sqlite.send("POST", "/v1/rankings", BODY, who=OFFICER, Accept_Language="en")

    early = await refused()
    await round_.draw()
    still = await refused()

    assert [(one.status_code, one.json()["code"]) for one in (early, still)] == [
        (409, "acceptance-not-concluded"),
        (409, "reviews-unfinished"),
    ]
    assert still.json()["detail"] == "2 cases of this round have not been scored yet."
    assert await on_sqlite.rows("rankings") == []


async def test_a_round_is_ranked_once(service: Alone) -> None:
    round_ = await Round(service).open()
    await round_.rank()

    again = await service.send("POST", "/v1/rankings", BODY, who=OFFICER)

    assert (again.status_code, again.json()["code"]) == (409, "round-already-ranked")
    assert len(await service.rows("rankings")) == 1
    assert len(await service.published(ShortlistProposed)) == 1


async def test_without_a_case_there_is_nothing_to_rank_and_an_unknown_round_is_not_found(on_sqlite: Alone) -> None:
    await (await Round(on_sqlite, firms=0).open()).conclude_acceptance()

    empty = await on_sqlite.send("POST", "/v1/rankings", BODY, who=OFFICER)
    unknown = await on_sqlite.send("POST", "/v1/rankings", BODY | {"round_id": "rnd_none"}, who=OFFICER)

    assert (empty.status_code, empty.json()["code"]) == (409, "nothing-to-rank")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "round-unknown")


async def test_who_ranks_and_who_sees_the_list_before_the_notice(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    others = [DEPARTMENT, PARTNER, APPLICANT, ADMINISTRATOR, expert("expert-1")]
    for who in (*others, OFFICE, OBSERVER):
        assert (await on_sqlite.send("POST", "/v1/rankings", BODY, who=who)).status_code == 403
    ranking = await round_.rank()
    path = f"/v1/rankings/{ranking['id']}"

    for who in (OFFICER, OFFICE, OBSERVER):
        read = await on_sqlite.send("GET", path, who=who)
        steps = [offer["href"] for offer in read.json()["actions"]]
        assert (read.status_code, read.json() | {"actions": []}) == (
            200,
            ranking | {"actions": [], "allowed_actions": read.json()["allowed_actions"]},
        )
        own = {OFFICER: ["removals", "reserve-calls", "closures"], OFFICE: ["removals"]}.get(who, [])
        assert steps == [f"{path}/{verb}" for verb in own] + (["/v1/notices"] if who == OFFICER else [])
        listed = await on_sqlite.send("GET", f"/v1/rankings?round_id={ROUND}", who=who)
        assert [one["id"] for one in listed.json()["items"]] == [ranking["id"]]
        assert "items" not in listed.json()["items"][0]
    for who in others:
        assert {(await on_sqlite.send("GET", one, who=who)).status_code for one in (path, "/v1/rankings")} == {403}
    missing = await on_sqlite.send("GET", "/v1/rankings/rnk_none", who=OFFICE)
    assert (missing.status_code, missing.json()["code"]) == (404, "ranking-not-found")
