"""Every creating command of notifications by four writers at once, on both databases."""

import pytest

from notifications_service.letters.messages.model import PATIENCE
from notifications_service.service import SERVICE
from support.casts.casenews import COUNTY, accepted, completed, submitted
from support.casts.reviewing import ADMINISTRATOR
from support.service.alone import Alone
from support.service.writers import Race, Send, post, routes, run, same

CONTACT = {"org": COUNTY, "name": "王联系", "email": "contact@county.example"}


async def _contacts(service: Alone) -> list[Send]:
    return [
        post(service, "/v1/contacts", {**CONTACT, "email": f"contact-{number}@county.example"}, who=ADMINISTRATOR)
        for number in range(4)
    ]


async def _redelivery(service: Alone) -> list[Send]:
    for event in (submitted(), accepted(), completed()):
        await service.deliver(event)
    service.system.at += 2 * PATIENCE
    (mail,) = [job for job in SERVICE.jobs if job.name == "mail"]
    await mail.run(service.runtime)
    (message,) = [row for row in await service.rows("messages") if row["org"] == COUNTY]
    assert message["state"] == "undeliverable"
    await post(service, "/v1/contacts", CONTACT, who=ADMINISTRATOR)()
    return same(post(service, f"/v1/messages/{message['id']}/redeliveries", who=ADMINISTRATOR))


RACES = [
    Race(route="POST /v1/contacts", prepare=_contacts),
    Race(
        route="POST /v1/messages/{message_id}/redeliveries",
        prepare=_redelivery,
        stored=1,
        refused="action-not-allowed",
    ),
]


def test_every_creating_command_has_its_race() -> None:
    assert {race.route for race in RACES} == routes(SERVICE)


@pytest.mark.parametrize("race", RACES, ids=str)
async def test_four_at_once_are_stored_or_truthfully_refused(service: Alone, race: Race) -> None:
    await run(race, service)
