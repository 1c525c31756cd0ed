"""Rounds played at random by everybody, and ended by the offices alone: no case is stuck, and no rule is broken.

`make rounds ROUNDS=300 CASES=40` plays more of them, `make rounds SEED=7` one again; each failure names its seed.
"""

import copy
import os
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from common.kernel.lifecycle import states_of
from common.service import Service
from common.web.router import NounRoutes, Router
from embedded.origin.parts import SERVICES
from support.rounds.bodies import LEFT_OUT, OPERATIONS
from support.rounds.playing import play
from support.rounds.together import Houses

CASES: Final = int(os.environ.get("RANDOM_CASES", "8"))
SEEDS: Final = [int(os.environ["RANDOM_SEED"])] if os.environ.get("RANDOM_SEED") else range(
    1, int(os.environ.get("RANDOM_ROUNDS", "20")) + 1
)  # fmt: skip


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", SEEDS)
async def test_a_random_round_ends_lawfully(seed: int, tmp_path: Path) -> None:
    played = await play(Houses(tmp_path), seed=seed, cases=CASES)

    assert not played.faults, played.report()


def test_the_player_knows_every_operation_that_makes_a_move() -> None:
    moving = {
        access.operation
        for service in SERVICES
        for router in service.routers
        if router.lifecycle is not None and states_of(router.lifecycle)
        for access in (*router.access, *router.steps.values())
        if access.writes and (access.actions or access in router.steps.values())
    }
    assert moving == OPERATIONS.keys() | LEFT_OUT.keys()
    assert not OPERATIONS.keys() & LEFT_OUT.keys()


def without_routes(service: Service, operations: Collection[str]) -> Service:
    """Return a service that lacks some operations; its lifecycles still offer their moves."""
    return replace(service, routers=[_lacking(router, operations) for router in service.routers])


def _lacking(router: Router, operations: Collection[str]) -> Router:
    lacking, routes = copy.copy(router), NounRoutes(prefix=router.routes.prefix)
    routes.routes = [one for one in router.routes.routes if getattr(one, "operation_id", None) not in operations]
    lacking.routes = routes
    lacking.access = [one for one in router.access if one.operation not in operations]
    lacking.steps = {action: one for action, one in router.steps.items() if one.operation not in operations}
    return lacking


def planted(name: str, faulty: Mapping[str, Service]) -> list[Service]:
    assert name in {service.name for service in SERVICES}
    return [faulty.get(service.name, service) for service in SERVICES]


def named(name: str) -> Service:
    return next(service for service in SERVICES if service.name == name)


async def first_fault(houses: Houses) -> str:
    """Play rounds until one has a fault; returns it."""
    for seed in range(1, 21):
        played = await play(houses, seed=seed, cases=4)
        if played.faults:
            return played.faults[0]
    return "none in twenty rounds"


@pytest.mark.timeout(300)
async def test_a_hold_that_nobody_can_end_is_found(tmp_path: Path) -> None:
    review = without_routes(named("review"), {"release_review", "remove_case"})

    fault = await first_fault(Houses(tmp_path, planted("review", {"review": review})))

    assert fault.startswith("DeadEnd: ")
    assert "shortlisted" in fault


@pytest.mark.timeout(300)
async def test_a_recommendation_that_never_goes_up_is_found(tmp_path: Path) -> None:
    whole = named("applications")
    applications = replace(whole, jobs=[job for job in whole.jobs if job.name not in {"terms", "window"}])

    fault = await first_fault(Houses(tmp_path, planted("applications", {"applications": applications})))

    assert fault.startswith("DeadEnd: ")
    assert "is closed; application app_" in fault
