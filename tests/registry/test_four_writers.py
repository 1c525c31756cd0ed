"""Every creating command of the registry by four writers at once, on both databases, and every number it gives."""

from collections.abc import Awaitable, Callable

import pytest

from registry_service.service import SERVICE
from support.casts.registering import (
    ACTS,
    NUMBER,
    OFFICE,
    OTHER_OFFICE,
    bring_to,
    case,
    proposal,
    propose,
    wait_for_announcement,
)
from support.service.alone import Alone
from support.service.writers import Race, Send, post, routes, run, same


def proposing(action: str) -> Callable[[Alone], Awaitable[list[Send]]]:
    async def prepare(service: Alone) -> list[Send]:
        await bring_to(service, "warned" if action == "reinstate" else "active")
        return same(post(service, f"/v1/brands/{NUMBER}/{ACTS[action][0]}", proposal(action), who=OFFICE))

    return prepare


def deciding(verb: str, body: object) -> Callable[[Alone], Awaitable[list[Send]]]:
    async def prepare(service: Alone) -> list[Send]:
        await bring_to(service, "active")
        act = await propose(service)
        return same(post(service, f"/v1/acts/{act['id']}/{verb}", body, who=OTHER_OFFICE))

    return prepare


async def _rivals(service: Alone) -> list[Send]:
    """Four acts on one title are approved at once: the first revocation makes the others impossible."""
    await bring_to(service, "active")
    acts = [await propose(service) for _ in range(4)]
    return [post(service, f"/v1/acts/{act['id']}/approvals", who=OTHER_OFFICE) for act in acts]


def settling(verb: str) -> Callable[[Alone], Awaitable[list[Send]]]:
    async def prepare(service: Alone) -> list[Send]:
        waiting = await wait_for_announcement(service, case())
        return same(post(service, f"/v1/registrations/{waiting}/{verb}", {"reason": "经核实。"}, who=OFFICE))

    return prepare


RACES = [
    *(Race(route=f"POST /v1/brands/{{number}}/{path}", prepare=proposing(act)) for act, (path, _) in ACTS.items()),
    Race(
        route="POST /v1/acts/{act_id}/approvals", prepare=deciding("approvals", None), stored=1, refused="act-decided"
    ),
    Race(route="POST /v1/acts/{act_id}/approvals", prepare=_rivals, stored=1, refused="act-lapsed"),
    Race(
        route="POST /v1/acts/{act_id}/refusals",
        prepare=deciding("refusals", {"reason": "证据不足。"}),
        stored=1,
        refused="act-decided",
    ),
    Race(route="POST /v1/registrations/{registration_id}/releases", prepare=settling("releases")),
    Race(
        route="POST /v1/registrations/{registration_id}/refusals",
        prepare=settling("refusals"),
        stored=1,
        refused="registration-refused",
    ),
]


def test_every_creating_command_has_its_race() -> None:
    assert {race.route for race in RACES} == routes(SERVICE)


@pytest.mark.parametrize("race", RACES, ids=str)
async def test_four_at_once_are_stored_or_truthfully_refused(service: Alone, race: Race) -> None:
    await run(race, service)
