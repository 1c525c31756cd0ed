"""What each may propose in each state: written by hand and asked over HTTP, never computed from the table."""

import pytest

from support.casts.registering import OBSERVER, OFFICE, OFFICER, bring_to, read
from support.service.alone import Alone

EXPECTED = {
    "pending_effect": ["revoke", "cancel"],
    "active": ["warn", "suspend", "revoke", "cancel"],
    "warned": ["suspend", "reinstate", "revoke", "cancel"],
    "suspended": ["reinstate", "revoke", "cancel"],
    "revoked": [],
    "cancelled": [],
    "expired": [],
}


@pytest.mark.parametrize("state", EXPECTED)
async def test_each_reads_what_he_may_propose(on_sqlite: Alone, state: str) -> None:
    await bring_to(on_sqlite, state)

    offered = [(await read(on_sqlite, who))["allowed_actions"] for who in (OFFICE, OFFICER)]
    others = [(await read(on_sqlite, who))["allowed_actions"] for who in (OBSERVER, "administrator|OPS", "")]

    assert (await read(on_sqlite))["state"] == state
    assert (offered, others) == ([EXPECTED[state]] * 2, [[]] * 3)
