"""Records that can never be processed become dead letters with a reason; only their keys are blocked."""

import asyncio
import json
from uuid import uuid4

import pytest
from confluent_kafka import Producer

from support.faults.reading import login_of
from support.faults.trial import PUT_HERE, Trial
from support.service.waiting import let_pass

INSIDE, AGENCY = "mingpai.applications.internal.v1", "mingpai.applications.agency.v1"
ACCEPTED = "cn.mingpai.applications.ApplicationAccepted.v1"
SECONDS = 60.0
READERS = ("review", "registry", "registry-grounds", "notifications")
"""The consumers that read the internal topic; the feed alone reads the agency's."""


def headers(type_name: str, key: str) -> dict[str, str]:
    return {
        "ce_specversion": "1.0",
        "ce_id": str(uuid4()),
        "ce_type": type_name,
        "ce_source": "/services/applications",
        "ce_subject": key,
        "ce_time": "2015-10-08T00:00:00Z",
        "ce_dataschema": "https://example.test/none",
        "ce_sequence": f"{1:020d}",
        "ce_correlationid": "req_poison",
    }


@pytest.mark.timeout(400)
async def test_poison_is_set_aside_with_its_reason_and_everything_else_goes_on(trial: Trial) -> None:
    mark = uuid4().hex[:8]
    garbled, newer, bare, outside = (f"{PUT_HERE}{mark}-{name}" for name in ("garbled", "newer", "bare", "outside"))
    poison: tuple[tuple[str, str, dict[str, str], bytes], ...] = (
        (INSIDE, garbled, headers(ACCEPTED, garbled), b'{"application_id": 7}'),
        (INSIDE, newer, headers(ACCEPTED.replace(".v1", ".v9"), newer), b"{}"),
        (INSIDE, bare, {}, b"{}"),
        (AGENCY, outside, headers(ACCEPTED, outside), b"no json"),
    )
    producer = Producer(login_of(json.loads((trial.data / "stack.json").read_text("utf-8"))))
    async with trial.loaded():
        for topic, key, given, payload in poison:
            producer.produce(topic, key=key, value=payload, headers=dict(given))
        assert await asyncio.to_thread(producer.flush, SECONDS) == 0
        await let_pass(SECONDS / 3)

    reasons = {garbled: "malformed-payload", newer: "unknown-version", bare: "malformed-envelope"}
    expected = [(consumer, key, code) for consumer in READERS for key, code in reasons.items()]
    asked = "SELECT consumer, key, reason_code FROM dead_letters WHERE key LIKE $1"
    services = ("review", "registry", "notifications")
    found = [row for service in services for row in await trial.rows(service, asked, f"{PUT_HERE}{mark}-%")]
    assert sorted(found) == sorted([*expected, ("notifications-feed", outside, "JSONDecodeError")])
