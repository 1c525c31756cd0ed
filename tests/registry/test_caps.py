"""Every act on a brand at its caps: what is accepted is published."""

import pytest

from common.contracts.applications.usccs import UsccException
from common.kernel.values.sizes import KIB
from support.casts.fullest import NAME, RARE, REASON_TEXT
from support.casts.registering import ACTS, LEADING_TO, act, register
from support.rules.sizes import sizes_within_limits
from support.service.alone import START, Alone

EVENTS = {
    "warn": "BrandWarned",
    "suspend": "BrandSuspended",
    "reinstate": "BrandReinstated",
    "revoke": "BrandRevoked",
    "cancel": "BrandCancelled",
}
LONGEST_ORGANISATION = f"office|{'A' * 255}|370000|office-1"


@pytest.mark.parametrize("action", ACTS)
async def test_an_act_at_its_caps_is_published(on_sqlite: Alone, action: str) -> None:
    exception = UsccException(reason=REASON_TEXT, agency=RARE * 255, admitted_at=START)
    await register(on_sqlite, applicant_name=NAME, item=NAME, uscc_exception=exception)
    if action == "reinstate":
        await act(on_sqlite, *LEADING_TO["warned"])

    await act(on_sqlite, action, who=LONGEST_ORGANISATION, reason=REASON_TEXT, document_number=NAME)

    sizes = await sizes_within_limits(on_sqlite)
    assert sizes[EVENTS[action], "public"] > 17 * KIB
    assert sizes["BrandRegistered", "public"] > 18 * KIB
