"""What each may propose in each state: written by hand and asked over HTTP, never computed from the table."""

import pytest

from support.registering import OBSERVER, OFFICE, OFFICER, bring_to, read
from support.service import Alone

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
async def test_each_is_told_what_he_may_propose(service: Alone, state: str) -> None:
    await bring_to(service, state)

    offered = [(await read(service, who))["allowed_actions"] for who in (OFFICE, OFFICER)]
    others = [(await read(service, who))["allowed_actions"] for who in (OBSERVER, "administrator|OPS", "")]

    assert (await read(service))["state"] == state
    assert (offered, others) == ([EXPECTED[state]] * 2, [[]] * 3)
