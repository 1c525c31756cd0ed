"""What the four services say about the cases of one round, compared: they must not contradict each other at rest."""

from collections.abc import Iterator
from typing import Any, Final

from embedded.journey import stages
from embedded.journey.player import Player

CONCLUDED: Final = ("recognised", "not_recognised")


async def contradictions(player: Player, round_id: str) -> list[str]:
    """Read everything about the round as the office and the public read it; returns what does not fit together."""
    office = stages.OFFICE
    applications = (await player.ask(office, "/v1/applications", round_id=round_id, limit="200"))["items"]
    reviews = (await player.ask(office, "/v1/reviews", round_id=round_id, limit="200"))["items"]
    (round_,) = [one for one in (await player.ask(None, "/v1/rounds", limit="200"))["items"] if one["id"] == round_id]
    announced = [
        item["application_id"]
        for one in (await player.ask(None, "/v1/announcements", limit="200"))["items"]
        if one["round_id"] == round_id
        for item in one["items"]
    ]
    year, honour = str(round_["year"]), round_["honour"]
    listed = (await player.ask(None, "/v1/brands", year=year, honour=honour, limit="200"))["items"]
    brands = [await player.ask(None, f"/v1/brands/{one['number']}") for one in listed]
    found = []
    for one in applications:
        seen = await player.ask(office, f"/v1/applications/{one['id']}")
        review = [each for each in reviews if each["application_id"] == one["id"]]
        numbers = [each["number"] for each in brands if each["application_id"] == one["id"]]
        found += [
            f"{one['id']}: {what}" for what in _about(seen, review, announced=one["id"] in announced, brands=numbers)
        ]
    if len(set(announced)) != len(announced):
        found.append(f"announced twice: {announced}")
    return found


def _about(
    application: dict[str, Any],
    reviews: list[dict[str, Any]],
    *,
    announced: bool,
    brands: list[str],
) -> Iterator[str]:
    if len(reviews) > 1 or len(brands) > 1:
        yield f"{len(reviews)} reviews, {len(brands)} brands"
    review = reviews[0]["state"] if reviews else None
    state, answer = application["state"], (application["withdrawal"] or {}).get("outcome")
    recognised = review == "recognised"
    if announced != recognised or bool(brands) != recognised:
        yield f"the review says {review}, announced is {announced}, the brands are {brands}"
    if (state == "withdrawn") != (review == "withdrawn") and (state == "withdrawn" or review is not None):
        yield f"the application says {state}, the review {review}"
    if state == "withdrawal_requested":
        yield "the request to withdraw was never settled"
    if answer == "too_late" and review not in CONCLUDED:
        yield f"too late to withdraw, but the review is {review}"
    outcome = review if review in CONCLUDED else None
    if application["outcome"] != outcome:
        yield f"the application shows the outcome {application['outcome']}, the review is {review}"
    if application["brand_number"] != (brands[0] if brands else None):
        yield f"the application shows the brand {application['brand_number']}, the registry has {brands}"
