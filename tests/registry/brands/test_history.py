"""Every move of the lifecycle has its line of history, whichever way it was made."""

import pytest

from registry_service.register.brands.lifecycle import LIFECYCLE
from support.casts.registering import NUMBER, TODAY, act, register, run_calendar
from support.service.alone import Alone

LINES: dict[str, tuple[tuple[str, ...], list[tuple[str, str | None, str]]]] = {
    # move: the moves before it, and the whole history
    "register": ((), [("register", None, "active")]),
    "enter_pending": ((), [("register", None, "pending_effect")]),
    "take_effect": (
        ("enter_pending",),
        [("register", None, "pending_effect"), ("take_effect", "pending_effect", "active")],
    ),
    "warn": ((), [("register", None, "active"), ("warn", "active", "warned")]),
    "suspend": ((), [("register", None, "active"), ("suspend", "active", "suspended")]),
    "reinstate": (
        ("warn",),
        [("register", None, "active"), ("warn", "active", "warned"), ("reinstate", "warned", "active")],
    ),
    "revoke": ((), [("register", None, "active"), ("revoke", "active", "revoked")]),
    "cancel": ((), [("register", None, "active"), ("cancel", "active", "cancelled")]),
    "expire": ((), [("register", None, "active"), ("expire", "active", "expired")]),
}


def test_every_move_of_the_lifecycle_is_walked() -> None:
    assert set(LINES) == {move.action for move in LIFECYCLE.moves}


@pytest.mark.parametrize("move", LINES)
async def test_every_move_has_its_line_of_history(on_sqlite: Alone, move: str) -> None:
    before, lines = LINES[move]
    pending = "enter_pending" in (*before, move)
    await register(on_sqlite, effective_on="2015-10-09" if pending else TODAY)

    for action in (*before, move):
        on_sqlite.legal.move(hours=1)
        match action:
            case "register" | "enter_pending":
                pass
            case "take_effect" | "expire":
                on_sqlite.legal.move(days=3 * 366 if action == "expire" else 1)
                assert await run_calendar(on_sqlite) == 1
            case _:
                await act(on_sqlite, action)

    history = (await on_sqlite.send("GET", f"/v1/brands/{NUMBER}/history")).json()["items"]
    assert [(one["action"], one["from_state"], one["to_state"]) for one in history] == lines
