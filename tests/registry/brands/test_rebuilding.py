"""A subscriber rebuilds the register whole from the public topic: the same as the reads show, after every event."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from common.codes.vocabulary.words import STATES
from common.contracts.catalogue import EVENTS
from common.kernel.event import Audience, topic
from registry_service.register.brands.lifecycle import LIFECYCLE
from support.casts.registering import ACTS, OFFICE, OTHER_OFFICE, programme_published, proposal, register, run_calendar
from support.service.alone import Alone

ACTED = ("acting_body", "grounds", "reason")
LIVES: tuple[tuple[str, ...], ...] = (
    ("register", "warn", "reinstate", "suspend", "reinstate", "revoke"),
    ("enter_pending", "take_effect", "warn", "suspend", "cancel"),
    ("enter_pending", "revoke"),
    ("register", "warn", "expire"),
    ("enter_pending", "cancel"),
)
"""The moves of each brand, one after the other; the last ones are made on the day they are due."""


class Copy:
    """What a subscriber keeps: each brand as a read shows it, and its history.

    It knows the events and nothing else; the words of a ground are in the definition that `ProgrammePublished` carries.
    """

    def __init__(self) -> None:
        self.brands: dict[str, dict[str, Any]] = {}
        self.histories: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def take(self, name: str, event: dict[str, Any]) -> None:
        """Apply one event."""
        key = event["number"]
        before = self.brands.get(key, {})
        assert event["version_before"] == before.get("version", 0)
        if name == "BrandRegistered":
            shown = ("number", "honour", "year", "applicant_id", "uscc", "holder_name", "item", "division")
            item = ("category", "scope", "trademark", "models", "effective_on")
            kept = (
                "effective_on",
                "valid_until",
                "document_number",
                "application_id",
                "programme_digest",
                "uscc_exception",
            )
            before = {member: event[member] for member in (*shown, *item, *kept)}
            before |= {"id": event["brand_id"], "registered_at": event["recorded_at"], "grounds": None}
            before["barred_until"] = None
        changed = {"state": event["state"], "version": event["version_after"]}
        if "acting_body" in event:
            changed |= {"grounds": event["grounds"], "barred_until": event.get("barred_until")}
        self.brands[key] = before | changed
        self.histories[key].append(
            {
                "action": ACTIONS[name],
                "from_state": self.histories[key][-1]["to_state"] if self.histories[key] else None,
                "to_state": event["state"],
                "effective_on": event.get("effective_on") or event["expired_on"],
                "recorded_at": event["recorded_at"],
                "document_number": event.get("document_number") or before["document_number"],
                **{member: event.get(member) for member in ACTED},
                "grounds_text": worded(ACTIONS[name], event.get("grounds")),
            }
        )


ACTIONS = {
    "BrandRegistered": "register",
    "BrandTookEffect": "take_effect",
    "BrandWarned": "warn",
    "BrandSuspended": "suspend",
    "BrandReinstated": "reinstate",
    "BrandRevoked": "revoke",
    "BrandCancelled": "cancel",
    "BrandExpired": "expire",
}


def worded(action: str, ground: str | None) -> dict[str, str] | None:
    """Return a ground in the words of the published definition."""
    grounds = programme_published().definition["title"]["grounds"]
    return next((each["text"] for each in grounds.get(action, ()) if each["code"] == ground), None)


async def public(service: Alone) -> list[tuple[str, dict[str, Any]]]:
    """Return what the service has published on its public topic, in order."""
    table = service.runtime.storage.records.outbox
    asked = select(table).where(table.c.topic == topic("registry", Audience.PUBLIC)).order_by(table.c.seq)
    async with service.runtime.storage.database.read() as connection:
        rows = await connection.execute(asked)
        return [(EVENTS[row.type].__name__, json.loads(row.payload)) for row in rows]


async def shown(service: Alone, numbers: Iterable[str]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return what everybody reads: each brand, each history, and the holder."""
    brands, histories = {}, {}
    for number in numbers:
        brand = (await service.send("GET", f"/v1/brands/{number}")).json()
        assert (brand.pop("allowed_actions"), brand.pop("actions")) == ([], [])
        brands[number] = brand
        histories[number] = (await service.send("GET", f"/v1/brands/{number}/history")).json()["items"]
    holder = (await service.send("GET", f"/v1/holders/{brands[number]['uscc']}")).json()
    return brands, histories, holder


async def make(service: Alone, move: str, number: str) -> None:
    """Make one move of a brand as those who may would."""
    match move:
        case "register":
            await register(service, effective_on=service.legal.now().date().isoformat())
        case "enter_pending":
            await register(service, effective_on="2015-12-20")
        case "take_effect" | "expire":
            service.legal.at = service.legal.at.replace(year=2018 if move == "expire" else 2015, month=12, day=25)
            assert await run_calendar(service) == 1
        case _:
            body = proposal(move, effective_on=service.legal.now().date().isoformat())
            path = f"/v1/brands/{number}/{ACTS[move][0]}"
            proposed = await service.send("POST", path, body, who=OFFICE)
            assert proposed.status_code == 201, proposed.text
            approval = f"/v1/acts/{proposed.json()['id']}/approvals"
            assert (await service.send("POST", approval, who=OTHER_OFFICE)).status_code == 201


async def test_the_public_topic_shows_every_field_of_every_brand_as_it_is_read_after_each_event(
    on_sqlite: Alone,
) -> None:
    copy, seen = Copy(), 0

    for life in LIVES:
        on_sqlite.legal.at = on_sqlite.legal.at.replace(year=2015, month=10, day=8, hour=1)
        for move in life:
            on_sqlite.legal.move(hours=1)
            await make(on_sqlite, move, next(reversed(copy.brands), ""))

            published = await public(on_sqlite)
            assert len(published) == seen + 1, f"{move} published {published[seen:]}"
            copy.take(*published[seen])
            seen += 1
            brands, histories, holder = await shown(on_sqlite, copy.brands)
            assert brands == copy.brands
            assert histories == copy.histories
            in_force = [one for one in copy.brands.values() if one["state"] in {"active", "warned"}]
            assert (holder["titles"], holder["titles_in_force"]) == (len(copy.brands), len(in_force))

    listed = (await on_sqlite.send("GET", "/v1/brands?limit=100")).json()["items"]
    assert {one["number"] for one in listed} == copy.brands.keys()
    assert {one["number"]: one["state"] for one in listed} == {
        number: one["state"] for number, one in copy.brands.items()
    }


def test_every_move_and_every_state_of_the_register_is_replayed() -> None:
    assert {move for life in LIVES for move in life} == {move.action for move in LIFECYCLE.moves}
    reached = {str(move.target) for move in LIFECYCLE.moves}
    assert set(STATES.section("brands")) - reached == {"superseded"}
