"""What a route must not declare is refused where it is declared."""

from enum import StrEnum
from typing import Any

import pytest
from fastapi import UploadFile
from sqlalchemy import true
from sqlalchemy.orm import Mapped

from common.kernel.actor import Actor, Role
from common.kernel.errors import MingpaiError, NotAllowed, NotFound
from common.kernel.lifecycle import Lifecycle, Move
from common.kernel.model import Aggregate, metadata
from common.kernel.text import Id
from common.storage.store import Store
from common.web.answers.files import Upload
from common.web.resources import Resource, Stateful
from common.web.router import Router


class State(StrEnum):
    """The state of a lamp."""

    DARK = "dark"
    LIT = "lit"


class NotYours(NotAllowed):
    """Somebody else's lamp."""

    code = "not-your-lamp"
    zh = "不是您的灯。"
    en = "It is not your lamp."


def somebody_elses(lamp: "Lamp", actor: Actor) -> MingpaiError | None:
    return None if lamp.owner == actor.sub else NotYours()


class LampRow(Aggregate):
    """A lamp as it is stored; the column `firm` names whose case it is."""

    metadata = metadata()
    __tablename__ = "lamps"
    CASE_OF = "firm"

    firm: Mapped[str]


class RouterLampNotFound(NotFound):
    """No lamp."""

    code = "router-lamp-not-found"
    zh = "没有这盏灯。"
    en = "There is no such lamp."


STORE = Store(LampRow, not_found=RouterLampNotFound, visible=lambda _actor: true())
LIFECYCLE = Lifecycle(
    Move("hang", None, State.DARK, internal="a test"),
    Move("light", State.DARK, State.LIT, internal="a test", unless=somebody_elses),
    Move("sell", State.DARK, None, internal="a test"),
)


class Lamp(Stateful):
    """A lamp."""

    id: str
    owner: str
    firm: str = "SOMEBODY"


class Bulb(Resource):
    """Something without states."""


OWNER = Actor(sub="ann", org="", roles=frozenset({Role.OFFICE}))
OTHER = Actor(sub="bob", org="", roles=frozenset({Role.OFFICE}))
EXPERT = Actor(sub="ann", org="", roles=frozenset({Role.EXPERT}))
LAMP = Lamp(id="lmp 1", version=1, state="dark", owner="ann")


async def light_lamp(lamp_id: Id) -> None:
    """Light the lamp."""


async def sell_lamp() -> None:
    """Sell the lamp."""


def lamps() -> Router:
    router = Router("lamps", lifecycle=LIFECYCLE, store=STORE)
    router.command("/{lamp_id}/lightings", allow={"office"}, action="light", shows=Lamp)(light_lamp)
    Router("sales").command(allow={"office"}, continues=(router, "sell"), shows=Bulb)(sell_lamp)
    return router


def test_a_route_that_makes_a_move_needs_a_lifecycle_that_knows_it() -> None:
    with pytest.raises(ValueError, match="'light' is no move of bulbs"):
        Router("bulbs").command(allow={"office"}, action="light", shows=Lamp)
    with pytest.raises(ValueError, match="'smash' is no move of lamps"):
        Router("lamps", lifecycle=LIFECYCLE, store=STORE).command(
            allow={"office"}, action=("light", "smash"), shows=Lamp
        )
    with pytest.raises(ValueError, match="'smash' is no move of lamps"):
        Router("sales").command(allow={"office"}, continues=(lamps(), "smash"), shows=Bulb)


def test_a_route_that_makes_a_move_shows_a_view_with_states() -> None:
    with pytest.raises(ValueError, match="Bulb shows no state"):
        Router("lamps", lifecycle=LIFECYCLE, store=STORE).command(allow={"office"}, action="light", shows=Bulb)


async def picture_lamp(file: UploadFile) -> None:
    """Show the lamp."""


async def picture_lamp_twice(file: UploadFile, second: UploadFile | None = None) -> None:
    """Show the lamp from two sides."""


@pytest.mark.parametrize(
    ("endpoint", "stores"),
    [(picture_lamp, None), (picture_lamp_twice, Upload("file", limit=1)), (sell_lamp, Upload("file", limit=1))],
)
def test_a_route_takes_no_other_file_than_the_one_that_is_stored(endpoint: Any, stores: Upload | None) -> None:  # noqa: ANN401 -- any endpoint
    with pytest.raises(ValueError, match="takes another file than the one that `stores` names"):
        Router("bulbs").command(allow={"office"}, shows=Bulb, stores=stores)(endpoint)


@pytest.mark.parametrize(
    ("actor", "allowed", "offered"),
    [(OWNER, ["light"], ["light", "sell"]), (OTHER, [], ["sell"]), (EXPERT, [], [])],
    ids=["owner", "another", "expert"],
)
def test_state_role_and_row_decide_what_is_offered(actor: Actor, allowed: list[str], offered: list[str]) -> None:
    view = lamps().shown(Lamp, LAMP, actor)

    assert view.allowed_actions == allowed
    assert [offer.action for offer in view.actions] == offered


def test_a_route_is_not_offered_on_a_row_that_its_roles_do_not_see_or_that_is_the_actors_own_case() -> None:
    office = Actor(sub="ann", org="SOMEBODY", roles=frozenset({Role.OFFICE, Role.APPLICANT}))

    assert lamps().shown(Lamp, LAMP, OWNER, closed={(frozenset({Role.OFFICE}), "lmp 1")}).actions == []
    assert lamps().shown(Lamp, LAMP, office).actions == []


def test_a_lifecycle_without_a_store_is_refused() -> None:
    with pytest.raises(ValueError, match="lamps needs its lifecycle and its store"):
        Router("lamps", lifecycle=LIFECYCLE)


def test_an_offer_says_how_it_is_followed() -> None:
    light, sell = lamps().shown(Lamp, LAMP, OWNER).actions

    assert (light.method, light.href, light.operation_id) == ("POST", "/v1/lamps/lmp%201/lightings", "light_lamp")
    assert (sell.method, sell.href, sell.operation_id) == ("POST", "/v1/sales", "sell_lamp")


def test_what_the_row_withholds_is_refused_with_its_reason_and_nothing_is_offered_for_it() -> None:
    LIFECYCLE.check(LAMP, "light", OWNER)
    with pytest.raises(NotYours):
        LIFECYCLE.check(LAMP, "light", OTHER)
