"""What must hold when a random round is over, read from the tables of the services; a rule names what breaks it.

Nothing here asks the rules of the services: what they were to keep is computed again from their rows.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from common.kernel.clock import legal_date
from common.programme import Programme
from support.rounds.stage import Stage
from support.rounds.together import Part

Row = dict[str, Any]
Tables = Mapping[str, list[Row]]
TABLES = {
    "applications": ("applications", "recommendations", "holdings"),
    "review": ("reviews", "rankings", "notices", "announcements", "deliberations", "sheets", "objections", "holdings"),
    "registry": ("brands", "brand_changes", "registrations"),
}
CONCLUDED = frozenset({"recognised", "not_recognised"})


async def broken(stage: Stage) -> list[str]:
    """Return every rule that the round has broken."""
    tables = {
        f"{service}.{name}": await stage.together.rows(service, name)
        for service, names in TABLES.items()
        for name in names
    }
    found = [*_ended(tables), *_within_limits(tables, stage.rules), *_lawful(tables, stage.rules), *_agree(tables)]
    for part in stage.together.parts.values():
        found += [line async for line in _left_over(part)]
    return found


def _ended(tables: Tables) -> Iterator[str]:
    """Every case is decided or ended."""
    for one in tables["applications.applications"]:
        if one["state"] not in {"rejected", "withdrawn", "lapsed"} and one["outcome"] not in CONCLUDED:
            yield f"{one['id']} is {one['state']} without an outcome"
    for one in tables["review.reviews"]:
        if one["state"] not in {*CONCLUDED, "withdrawn"}:
            yield f"{one['id']} is {one['state']}"


def _within_limits(tables: Tables, rules: Programme) -> Iterator[str]:
    """Neither the quota nor an agency's limit of recommendations is exceeded."""
    recognised = [one for one in tables["review.reviews"] if one["state"] == "recognised"]
    if len(recognised) > rules.quota.total:
        yield f"{len(recognised)} are recognised, the quota is {rules.quota.total}"
    standing: dict[tuple[str, str], set[str]] = defaultdict(set)
    states = {one["id"]: one["state"] for one in tables["applications.applications"]}
    for one in tables["applications.recommendations"]:
        if one["verdict"] == "returned":
            for cases in standing.values():
                cases.discard(one["application_id"])
        elif one["verdict"] == "recommended" and states[one["application_id"]] not in {"withdrawn", "lapsed"}:
            standing[one["chain_stage"], one["agency"]].add(one["application_id"])
    for (stage, agency), cases in standing.items():
        limit = rules.recommendation_limit(stage)
        if limit is not None and len(cases) > limit:
            yield f"{agency} has recommended {len(cases)} at the {stage}, the limit is {limit}"


def _lawful(tables: Tables, rules: Programme) -> Iterator[str]:
    """Nobody barred, vetoed, held, objected to or unseen is recognised, and nobody is ranked on too few sheets."""
    reviews = {one["id"]: one for one in tables["review.reviews"]}
    by_application = {one["application_id"]: one for one in reviews.values()}
    announced = [(one, item) for one in tables["review.announcements"] for item in one["items"]]
    for announcement, item in announced:
        day, case = legal_date(announcement["published_at"]), by_application[item["application_id"]]
        yield from _announced(tables, case, day, announcement["effective_on"])
    yield from _rivals([by_application[item["application_id"]] for _, item in announced], tables, rules)
    submitted = Counter(
        (one["review_id"], one["draw_id"]) for one in tables["review.sheets"] if one["state"] == "submitted"
    )
    for ranking in tables["review.rankings"]:
        for place in ranking["items"]:
            sheets = submitted[place["id"], reviews[place["id"]]["draw_id"]]
            if sheets < rules.review.panel.minimum_sheets:
                yield f"{place['id']} was ranked on {sheets} sheets"
        for change in ranking["changes"]:
            if change["change"] == "left" and reviews[change["review_id"]]["state"] == "recognised":
                yield f"{change['review_id']} left the list ({change['ground']}) and is recognised"


def _announced(tables: Tables, case: Row, day: date, effective_on: date) -> Iterator[str]:
    ends = [
        one["closes_on"]
        for one in tables["review.notices"]
        for item in one["items"]
        if item["application_id"] == case["application_id"]
    ]
    if not ends or min(ends) >= day:
        yield f"{case['id']} was announced on {day}, the notices that show it end on {ends}"
    if effective_on < day:
        yield f"{case['id']} was announced on {day} to take effect on {effective_on}"
    if case["hold"] is not None:
        yield f"{case['id']} was announced while it was held"
    for one in tables["review.objections"]:
        if one["review_id"] == case["id"] and one["state"] in {"filed", "hearing", "stated", "upheld"}:
            yield f"{case['id']} is recognised, and the objection {one['id']} is {one['state']}"
    for brand in tables["registry.brands"]:
        if brand["uscc"] == case["applicant"] and (until := brand["barred_until"]) is not None:
            (change,) = (one for one in _changes(tables, brand) if one["action"] == "revoke")
            since = legal_date(change["recorded_at"])
            if since < day <= until:
                yield f"{case['id']} was announced on {day}, its firm is barred from {since} to {until}"


def _changes(tables: Tables, brand: Row) -> Iterator[Row]:
    return (one for one in tables["registry.brand_changes"] if one["brand_id"] == brand["id"])


def _rivals(recognised: Iterable[Row], tables: Tables, rules: Programme) -> Iterator[str]:
    """No title is given for a mark and category while another one for them is held."""
    held: dict[tuple[str | None, str], list[Row]] = defaultdict(list)
    titles = {one["review_id"]: one for one in tables["registry.brands"]}
    for case in recognised:
        applied = rules.item_of(case["snapshot"]["answers"])
        if applied.trademark is None or case["id"] not in titles:
            continue
        mine = titles[case["id"]]
        for other in held[applied.trademark, applied.category]:
            ended = [
                one["effective_on"] for one in _changes(tables, other) if one["to_state"] in {"revoked", "cancelled"}
            ]
            if not ended or min(ended) > legal_date(mine["registered_at"]):
                yield f"{mine['number']} and {other['number']} are for the same mark and category"
        held[applied.trademark, applied.category].append(mine)


def _agree(tables: Tables) -> Iterator[str]:
    """Applications, review and registry say the same about each case."""
    brands = {one["application_id"]: one for one in tables["registry.brands"]}
    reviews = {one["application_id"]: one for one in tables["review.reviews"]}
    applications = {one["id"]: one for one in tables["applications.applications"]}
    for key, one in applications.items():
        review, brand = reviews.get(key), brands.get(key)
        said = str(review["state"]) if review else None
        if one["outcome"] != (said if said in CONCLUDED else None):
            yield f"{key} shows the outcome {one['outcome']}, its review is {said}"
        if (one["accepted_at"] is not None) != (review is not None) or (said == "withdrawn" and one["state"] != said):
            yield f"{key} is {one['state']}, its review is {said}"
        if (said == "recognised") != (brand is not None) or one["brand_number"] != (brand["number"] if brand else None):
            yield f"{key} shows the brand {one['brand_number']}, its review is {said}, its brand {brand}"
    listed = {item["application_id"] for one in tables["review.announcements"] for item in one["items"]}
    if listed != brands.keys():
        yield f"announced are {sorted(listed)}, registered {sorted(brands)}"
    states = {one["number"]: str(one["state"]) for one in tables["registry.brands"]}
    for service in ("applications", "review"):
        learned = {one["number"]: str(one["state"]) for one in tables[f"{service}.holdings"]}
        if learned != states:
            yield f"{service} knows the titles {learned}, the registry {states}"


async def _left_over(part: Part) -> AsyncIterator[str]:
    """Nothing waits in a consumer, and nothing was set aside."""
    records = part.service.records
    async with part.runtime.storage.database.read() as connection:
        for table in (records.parked, records.dead_letters, records.outbox):
            for row in (await connection.execute(select(table))).mappings():
                why = row.get("reason") or row.get("last_error") or row.get("waiting_for")
                yield f"{part.service.name} has a row in {table.name}: {row['type']}, {why}"
