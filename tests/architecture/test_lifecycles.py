from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import ClassVar

import pytest

from common.contracts.catalogue import EVENTS
from common.contracts.registry.brands import BrandRegistered, BrandRevoked
from common.contracts.review.reviews import ReviewOpened
from common.kernel.actor import PUBLIC, Role
from common.kernel.event import Event
from common.kernel.lifecycle import ByClock, Lifecycle, Move, OnDeskOf, Stands, Through, Waits
from common.kernel.model import Aggregate
from common.kernel.text import Id
from common.web.router import Router
from embedded.origin.parts import SERVICES as PARTS
from registry_service.register.brands.refusals import BrandAlreadyRevoked
from registry_service.register.brands.routes import BrandView
from registry_service.register.brands.storage import brands
from support.rules.lifecycles import (
    Table,
    events_never_published,
    states_that_stand,
    states_that_wait_in_vain,
    states_without_way,
    tables,
    unpublished_moves,
    unseen_changes,
)

SERVICES = ("applications", "review", "registry", "notifications")
TABLES = list(tables(SERVICES))
SERVED = [router for service in PARTS for router in service.routers]


class Light(StrEnum):
    ON = "on"
    OFF = "off"
    BROKEN = "broken"


class LampLit(Event):
    """An event of no contract."""

    service: ClassVar[str] = "registry"


def planted(*moves: Move, service: str = "registry") -> list[Table]:
    return [Table(service, "lamps.lifecycle", Lifecycle(*moves))]


def test_there_is_a_table_for_every_noun_with_states() -> None:
    assert {table.service for table in TABLES} == set(SERVICES)
    assert "registry_service.register.brands.lifecycle" in {table.module for table in TABLES}


def test_every_outward_move_names_its_event_and_every_other_says_why() -> None:
    assert unpublished_moves(TABLES, EVENTS) == []


def test_every_event_of_the_contracts_is_published_by_some_move_or_by_an_act_on_a_thing_without_states() -> None:
    assert events_never_published(TABLES, EVENTS) == [
        "ApplicantCorrected is published by no move",
        "ApplicantMerged is published by no move",
        "ApplicantRenamed is published by no move",
        "CalendarPublished is published by no move",
        "ContactChanged is published by no move",
    ]


def test_nothing_that_lives_is_stuck() -> None:
    assert states_that_wait_in_vain(TABLES, SERVED) == []


def test_only_these_states_wait_for_nobody() -> None:
    assert states_that_stand(TABLES) == {
        "announcements: published",
        "brands: active",
        "desk_reminders: sent",
        "exceptions: admitted",
        "experts: active",
        "experts: paused",
        "messages: undeliverable",
        "notices: published",
        "objections: drafted",
        "programmes: proposed",
        "recusals: declared",
        "reminders: sent",
    }


LIT = Move("light", None, Light.ON, internal="nobody need know it")
OUT = Move("switch_off", Light.ON, Light.OFF, internal="nobody need know it")
LOOK = Move("look", Light.ON, None, internal="nobody need know it")


@pytest.mark.parametrize(
    ("waits", "moves", "problem"),
    [
        (None, (LIT, OUT), "does not say what it waits for"),
        (OnDeskOf(Role.OFFICE), (LIT, LOOK), "waits for office, who has no route"),
        (OnDeskOf(Role.OFFICE, Role.PARTNER), (LIT, LOOK, OUT), "waits for partner, who has no route"),
        (Through("lanterns"), (LIT, OUT), "waits through lanterns, where nobody acts"),
        (Through("brands"), (LIT, LOOK), "is left by no move"),
        (ByClock("effective_on"), (LIT, LOOK), "is left by no move"),
        (ByClock("burnt_out_on"), (LIT, OUT), "waits for burnt_out_on, which its rows do not have"),
        (Stands("so."), (LIT, OUT), "'so.' is no reason to stand"),
    ],
    ids=["silent", "only looks", "no route", "no such noun", "never left", "no move", "no column", "no reason"],
)
def test_a_state_without_a_way_out_is_found(waits: Waits | None, moves: tuple[Move, ...], problem: str) -> None:
    found: dict[StrEnum, Waits] = {} if waits is None else {Light.ON: waits}
    lamp = Lifecycle(*moves, final={Light.OFF: BrandAlreadyRevoked}, waits=found)
    lamps = Router("lamps", lifecycle=lamp, store=brands)
    for move in moves:
        lamps.command(f"/{move.action}", allow={"office"}, action=move.action, shows=BrandView)(_answer(move.action))

    where = "lamps.lifecycle: on"
    found_out = states_that_wait_in_vain([Table("registry", "lamps.lifecycle", lamp)], [lamps, *SERVED])

    assert found_out == [f"{where}: {problem}" if problem.startswith("'") else f"{where} {problem}"]


def _answer(name: str) -> Callable[[], Awaitable[None]]:
    async def answer() -> None:
        """Do it."""

    answer.__name__ = name
    return answer


def test_every_state_is_reached_and_every_final_one_names_its_refusal() -> None:
    assert states_without_way(TABLES) == []


def test_what_everybody_reads_changes_with_an_event_only() -> None:
    assert unseen_changes(SERVED) == []


def test_a_silent_change_of_what_everybody_reads_is_found() -> None:
    silent = Lifecycle(Move("light", None, Light.ON, internal="nobody need know it"))
    lamps = Router("lamps", lifecycle=silent, store=brands)

    @lamps.query("/{lamp_id}", allow=PUBLIC)
    async def read_lamp(lamp_id: Id) -> dict[str, str]:
        """Read a lamp."""
        return {"id": lamp_id}

    assert unseen_changes([lamps]) == ["lamps: light changes what everybody reads, and publishes nothing"]


def test_a_move_without_a_reason_is_found() -> None:
    assert unpublished_moves(planted(Move("light", None, Light.ON, internal="no")), EVENTS) == [
        "lamps.lifecycle: light: 'no' is no reason to publish nothing"
    ]


def test_a_move_that_publishes_what_is_in_no_contract_is_found() -> None:
    assert unpublished_moves(planted(Move("light", None, Light.ON, LampLit)), EVENTS) == [
        "lamps.lifecycle: light: LampLit is in no contract"
    ]


def test_a_move_that_publishes_another_services_event_is_found() -> None:
    assert unpublished_moves(planted(Move("light", None, Light.ON, ReviewOpened)), EVENTS) == [
        "lamps.lifecycle: light: ReviewOpened belongs to review"
    ]


def test_an_event_that_no_move_publishes_is_found() -> None:
    fewer = [table for table in TABLES if BrandRevoked not in table.lifecycle.events]
    assert "BrandRevoked is published by no move" in events_never_published(fewer, EVENTS)


def test_a_state_that_no_move_leads_to_and_one_that_nothing_follows_are_found() -> None:
    moves = planted(Move("mend", Light.BROKEN, Light.ON, internal="nobody looks"))
    assert states_without_way(moves) == [
        "lamps.lifecycle: no move leads to broken",
        "lamps.lifecycle: nothing follows on, and no refusal says so",
    ]
    born_only = planted(Move("light", None, Light.ON, internal="nobody looks"))
    assert states_without_way(born_only) == []
    switch = Move("switch_off", Light.ON, Light.OFF, internal="nobody looks")
    lit = Move("light", None, Light.ON, internal="nobody looks")
    final = Lifecycle(lit, switch, final={Light.OFF: BrandAlreadyRevoked})
    assert states_without_way([Table("registry", "lamps.lifecycle", final)]) == []


def test_a_final_state_is_never_left_and_a_move_that_stays_may_still_answer_there() -> None:
    lit = Move("light", None, Light.ON, BrandRegistered)
    switch = Move("switch", Light.ON, Light.OFF, BrandRevoked)
    answer = Move("answer", Light.OFF, None, internal="a question about what has ended")

    table = Lifecycle(lit, switch, answer, final={Light.OFF: BrandAlreadyRevoked})

    assert table.move(Light.OFF, "answer") is answer
    with pytest.raises(BrandAlreadyRevoked):
        table.move(Light.OFF, "switch")
    with pytest.raises(ValueError, match="is final, yet 'relight' starts from it"):
        Lifecycle(lit, Move("relight", Light.OFF, Light.ON, BrandRegistered), final={Light.OFF: BrandAlreadyRevoked})


def test_every_noun_with_states_names_its_table() -> None:
    stateful = [one.class_ for one in Aggregate.registry.mappers if "state" in one.columns]
    copies = [one.__tablename__ for one in stateful if one.MOVES is None]
    assert set(copies) == {"holdings"}, "a copy of the states of brands, which the registry answers for"
    assert len(stateful) > 20
