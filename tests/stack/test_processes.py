"""A service as the distributed shape runs it: an api and a worker as two processes over PostgreSQL and Kafka."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from common.contracts.applications.programmes import ProgrammePublished
from common.kernel.clock import SystemClock
from common.kernel.event import Envelope
from common.messaging.bus import Record
from common.messaging.kafka.client import KafkaBus
from common.process.http.protocol import ServingConfig
from common.process.http.serving import Server
from common.wire import WireSettings
from embedded.demo.people import load_demo
from embedded.issuer import Issuer, issuer_app
from support.casts.programmes import definition
from support.messaging.buses import Reader
from support.messaging.kafka import TIMEOUTS, KafkaServer
from support.service.databases import owner_url
from support.service.processes import free_port, ran, started

DEADLINE = 30
INTERNAL, PUBLIC = ProgrammePublished.topics()


@pytest.fixture
async def issuer(tmp_path: Path) -> AsyncIterator[str]:
    """Serve the development issuer; gives its name, which is its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    wire = WireSettings(port=port)
    app = issuer_app(Issuer.at(url, demo=load_demo(), key_file=tmp_path / "key.json", clock=SystemClock()), wire)
    server = Server(ServingConfig(app, wire, drain_seconds=1, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(DEADLINE):
        while True:
            if server.started:
                break
            await asyncio.sleep(0.01)
    yield url
    server.should_exit = True
    await serving


@pytest.fixture
def environ(kafka: KafkaServer, postgres_url: str, issuer: str, tmp_path: Path) -> dict[str, str]:
    return {
        "MINGPAI_SHAPE": "distributed",
        "MINGPAI_DATA": str(tmp_path),
        "MINGPAI_DATABASE_URL": postgres_url,
        "MINGPAI_MIGRATION_URL": owner_url(postgres_url),
        "MINGPAI_KAFKA_BOOTSTRAP_SERVERS": kafka.broker.bootstrap,
        "MINGPAI_KAFKA_SECURITY": "SASL_PLAINTEXT",
        "APPLICATIONS_KAFKA_USERNAME": "applications",
        "APPLICATIONS_KAFKA_PASSWORD": kafka.secrets["applications"],
        "MINGPAI_ISSUER": issuer,
    }


async def publish(api: str, issuer: str) -> httpx.Response:
    """Publish a programme as two persons of the demo's office."""
    proposed = await posted(api, issuer, "office-1", "/v1/programmes", {"definition": definition("FAMOUS_PRODUCT")})
    return await posted(api, issuer, "office-2", f"/v1/programmes/{proposed.json()['id']}/publications", None)


async def posted(api: str, issuer: str, person: str, path: str, body: dict[str, Any] | None) -> httpx.Response:
    """Return what a person of the demo is answered."""
    (client,) = [one for one in load_demo().clients if one.id == person]
    async with httpx.AsyncClient() as http:
        credentials = (client.id, client.secret.get_secret_value())
        token = await http.post(f"{issuer}/oauth/token", data={"grant_type": "client_credentials"}, auth=credentials)
        headers = {"Authorization": f"Bearer {token.json()['access_token']}", "Idempotency-Key": "once"}
        return await http.post(f"{api}{path}", json=body, headers=headers)


async def the_record(server: KafkaServer, topic: str, key: str) -> Record:
    """Return the first record of a key, read as the administrator."""
    bus = KafkaBus(server.access(), timeouts=TIMEOUTS)
    reader = await Reader(bus, f"look-{key}", [topic]).join()
    try:
        async with asyncio.timeout(DEADLINE):
            while True:
                for record in await reader.read(1):
                    if record.key == key:
                        return record
    finally:
        await reader.leave()
        await bus.close()


@pytest.mark.usefixtures("administrator")
@pytest.mark.timeout(180)
async def test_what_is_written_at_the_api_arrives_as_a_record_by_way_of_the_worker(
    environ: dict[str, str], issuer: str, kafka: KafkaServer, tmp_path: Path
) -> None:
    migrated = await asyncio.to_thread(ran, "applications", "migrate", environ)
    assert migrated.returncode == 0, migrated.stderr

    with started("applications", "api", environ, tmp_path) as api:
        await api.await_ready()
        answer = await publish(api.url, issuer)
        assert answer.status_code == 201
        with started("applications", "worker", environ, tmp_path) as worker:
            await worker.await_ready()
            for topic in (INTERNAL, PUBLIC):
                record = await the_record(kafka, topic, answer.json()["id"])
                envelope = Envelope.from_headers(record.headers)
                assert (envelope.id, envelope.type) == (record.id, ProgrammePublished.type_name())
                assert (envelope.subject, record.headers["content-type"]) == (record.key, "application/json")
            async with httpx.AsyncClient() as http:
                shown = (await http.get(f"{worker.url}/metrics")).text
                assert 'mingpai_relay_active{service="applications"} 1.0' in shown
                assert (await http.get(f"{worker.url}/livez")).status_code == 200
                assert (await http.get(f"{worker.url}/v1/programmes")).status_code == 404
                assert "mingpai_relay_active{" not in (await http.get(f"{api.url}/metrics")).text


@pytest.mark.parametrize("task", ["api", "worker"])
def test_a_process_that_nobody_could_find_is_refused(environ: dict[str, str], task: str) -> None:
    refused = ran("applications", task, {**environ, "MINGPAI_PORT": "0"})
    assert refused.returncode == 2
    assert "is found by its port" in refused.stderr
