"""The contact that is written to is the one that was named last, whichever message about it arrives last."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest

from common.contracts.applications.contacts import ContactChanged
from common.kernel.event import Event
from support.casts.casenews import FIRM, contact, submitted
from support.casts.reviewing import APPLICANT
from support.service.alone import START, Alone

LATER = START + timedelta(days=2)


def changed(email: str, days: int) -> ContactChanged:
    named = contact(email=email, named_at=START + timedelta(days=days))
    return ContactChanged(contact_id="apl_1", applicant=FIRM, contact=named)


async def reached(service: Alone) -> list[str]:
    return [row["email"] for row in await service.rows("contacts") if row["id"] == FIRM]


async def test_a_changed_contact_is_the_one_that_is_written_to_once(service: Alone) -> None:
    await service.deliver(submitted(email="first@applicant.example"))
    event_id = await service.deliver(changed("second@applicant.example", days=1))
    await service.deliver(changed("second@applicant.example", days=1), event_id=event_id)

    (row,) = await service.rows("contacts")
    assert (row["email"], row["version"]) == ("second@applicant.example", 2)
    assert [one["org"] for one in await service.rows("messages")] == [FIRM]


EVENTS: dict[str, Callable[[], Event]] = {
    "registered": lambda: submitted(email="first@applicant.example"),
    "changed": lambda: changed("second@applicant.example", days=1),
    "submitted later": lambda: submitted(email="third@applicant.example", named_at=LATER),
}


@pytest.mark.parametrize("order", list(itertools.permutations(EVENTS)), ids="-".join)
async def test_the_contact_that_was_named_last_stays_in_every_order(on_sqlite: Alone, order: tuple[str, ...]) -> None:
    for name in order:
        await on_sqlite.deliver(EVENTS[name]())
    assert await reached(on_sqlite) == ["third@applicant.example"]


async def test_a_late_event_does_not_replace_who_was_named_here(on_sqlite: Alone) -> None:
    on_sqlite.legal.move(days=3)
    body = {"org": FIRM, "name": "王联系", "email": "wang@applicant.example"}
    assert (await on_sqlite.send("POST", "/v1/contacts", body, who=APPLICANT)).status_code == 201
    for event in EVENTS.values():
        await on_sqlite.deliver(event())
    assert await reached(on_sqlite) == ["wang@applicant.example"]
