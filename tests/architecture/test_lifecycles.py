from enum import StrEnum
from typing import ClassVar

from common.contracts.catalogue import EVENTS
from common.contracts.envelope import Event
from common.contracts.registry import BrandRevoked
from common.contracts.review import ReviewOpened
from common.lifecycle import Lifecycle, Move
from registry_service.brands.refusals import BrandAlreadyRevoked
from support.lifecycle_rules import Table, events_never_told, states_without_way, tables, untold_moves

SERVICES = ("applications", "review", "registry", "notifications")
TABLES = list(tables(SERVICES))


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
    assert "registry_service.brands.lifecycle" in {table.module for table in TABLES}


def test_every_outward_move_names_its_event_and_every_other_says_why() -> None:
    assert untold_moves(TABLES, EVENTS) == []


def test_every_event_of_the_contracts_is_told_by_some_move() -> None:
    assert events_never_told(TABLES, EVENTS) == []


def test_every_state_is_reached_and_every_final_one_names_its_refusal() -> None:
    assert states_without_way(TABLES) == []


def test_a_move_without_a_reason_is_found() -> None:
    assert untold_moves(planted(Move("light", None, Light.ON, internal="no")), EVENTS) == [
        "lamps.lifecycle: light: 'no' is no reason for telling nobody"
    ]


def test_a_move_that_tells_what_is_in_no_contract_is_found() -> None:
    assert untold_moves(planted(Move("light", None, Light.ON, LampLit)), EVENTS) == [
        "lamps.lifecycle: light: LampLit is in no contract"
    ]


def test_a_move_that_tells_another_services_event_is_found() -> None:
    assert untold_moves(planted(Move("light", None, Light.ON, ReviewOpened)), EVENTS) == [
        "lamps.lifecycle: light: ReviewOpened is review's to tell"
    ]


def test_an_event_that_no_move_tells_is_found() -> None:
    fewer = [table for table in TABLES if BrandRevoked not in table.lifecycle.events]
    assert "BrandRevoked is told by no move" in events_never_told(fewer, EVENTS)


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
