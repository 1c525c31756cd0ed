"""The compose files: least privilege, the stack's variables, no secret in production; read without an engine."""

import hashlib
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from common.settings import Settings
from stack.commands.containers import DEPLOY, made, read, write
from stack.machine.plan import NAMES
from stack.servers.kafka.broker import ADMIN, MECHANISM
from support.rules import composing as rules
from support.rules.compose_files import ROOT, Document, merged, parsed, variables

DEMO = (ROOT / "docker-compose.yml").read_text("utf-8")
OVER = (ROOT / "docker-compose.production.yml").read_text("utf-8")
NGINX = (DEPLOY / "gateway/nginx.conf").read_text("utf-8")
VENDORED = tomllib.loads((Path(__file__).parent / "VENDORED.toml").read_text("utf-8"))
PASSWORD = "q7Zp2fX0vK9s"
GIVEN = {
    "MINGPAI_ISSUER": "https://login.example.org/realms/province",
    "MINGPAI_MAIL_FROM": "office@given.example.org",
    "MINGPAI_CURSOR_SECRET": "q7Zp2fX0vK9sLw4TbN8yRc1HdM6uJgEa",
    "MINGPAI_URL": "https://mingpai.example.org",
    "MINGPAI_FILES_ENDPOINT": "https://s3.example.org",
    **{f"{name.upper()}_DATABASE_URL": f"postgresql://{name}:q7Zp2fX0vK9s@db.example.org/{name}" for name in NAMES},
    **{
        f"{name.upper()}_MIGRATION_URL": f"postgresql://{name}_owner:q7Zp2fX0vK9s@db.example.org/{name}"
        for name in NAMES
    },
}
BROKEN = [
    ("cap_drop: [ALL]", "cap_drop: [NET_RAW]", "keeps privileges that it does not need"),
    ('security_opt: ["no-new-privileges:true"]', "security_opt: []", "keeps privileges that it does not need"),
    ("  read_only: true\n", "", "its root file system can be written"),
    ("    x-written: start-dev rebuilds Keycloak in its own folder\n", "", "keycloak: its root file system"),
    ("  init: true\n", "  init: true\n  privileged: true\n", "shares the machine's privileges"),
    ("  init: true\n", "  init: true\n  network_mode: host\n", "shares the machine's privileges"),
    ("  init: true\n", "  init: true\n  cap_add: [NET_ADMIN]\n", "shares the machine's privileges"),
    ('"127.0.0.1:8000:8000"', '"8000:8000"', "gateway: the port 8000:8000 is open beyond loopback"),
    (", memory: 192M, pids: 64}", "}", "mailpit: has no limit"),
    ("postgres:17.6", "postgres:latest", "postgres: the image postgres:latest has no version"),
    ("nginx:1.28.0-alpine", "nginx", "gateway: the image nginx has no version"),
    ("  clock:\n", "", "applications-api: the volume clock is not declared"),
    (":-demo-kafka-review}", ":-hunter2}", "review-worker: REVIEW_KAFKA_PASSWORD holds a secret"),
    ("${KAFKA_ADMIN_PASSWORD:-demo-kafka-admin}", "demo-kafka-admin", "topics: STACK_KAFKA_PASSWORD holds a secret"),
    ("${REVIEW_DATABASE_PASSWORD:-demo-database-review}@", "word@", "review-api: REVIEW_DATABASE_URL holds a secret"),
    ("MINGPAI_DATA:", "MINGPAI_FOLDER:", "review-api: MINGPAI_FOLDER is no setting of it"),
    (
        "      REVIEW_KAFKA_USERNAME",
        "      REGISTRY_KAFKA_USERNAME",
        "review-worker: REGISTRY_KAFKA_USERNAME is no setting",
    ),
    ("  MINGPAI_HOST: 0.0.0.0", "  MINGPAI_HOST: 127.0.0.1", "review-api: listens where nobody reaches it"),
    ("127.0.0.1:8000/readyz', timeout", "127.0.0.1:8000/livez', timeout", "review-api: its health check does not ask"),
    ("127.0.0.1:8001/readyz", "127.0.0.1:8000/readyz", "embedded: its health check does not ask its own /readyz"),
    ('"127.0.0.1:8001:8001"', '"127.0.0.1:80:8001"', "embedded: publishes"),
    ('"embedded:/data"', '"embedded:/elsewhere"', "embedded: keeps /data in no volume"),
    (
        "topics: {condition: service_completed_successfully}",
        "topics: {condition: service_started}",
        "waits for topics in",
    ),
    ("kafka: {condition: service_healthy}", "kafka: {condition: service_started}", "topics: waits for kafka in a way"),
    (
        "kafka: {condition: service_healthy}",
        "broker: {condition: service_healthy}",
        "waits for broker, which is not there",
    ),
    (
        "front: {condition: service_healthy}",
        "keycloak: {condition: service_healthy}",
        "keycloak, which is not started with",
    ),
    ("  healthcheck: {disable: true}\n", "", "topics: ends, and yet has a health check"),
    ("      test: [CMD, /mailpit, readyz]\n", "", "mailpit: has no health check"),
    ("      topics: {condition: service_completed_successfully}\n", "", "topics: ends, and nobody waits for it"),
]
DIFFERENT = [
    ("  registry-worker:\n", "  registry-work:\n", "registry-worker: only in one"),
    ("command: [review_service, api]", "command: [registry_service, api]", "review-api: is started as"),
    ("command: [stack, topics]", "command: [stack, down]", "topics: is started as"),
    ("      - front\n", "      - run\n", "front: is started as"),
    ("  MINGPAI_LOG_FORMAT: json\n", "", "front: only one of stack and containers sets MINGPAI_LOG_FORMAT"),
    ("      APPLICATIONS_KAFKA_USERNAME: applications\n", "", "applications-worker: only one of stack and containers"),
    ("  MINGPAI_SHAPE: distributed", "  MINGPAI_SHAPE: embedded", "review-api: MINGPAI_SHAPE is not the stack's"),
    (
        "MINGPAI_KAFKA_SECURITY: SASL_PLAINTEXT",
        "MINGPAI_KAFKA_SECURITY: PLAINTEXT",
        "topics: MINGPAI_KAFKA_SECURITY is",
    ),
]
MISNAMED = [
    ("http://review-api:8000", "http://review-api:8001", "front: review-api is not named as review-api:8000"),
    ("      - --worker=review=http://review-worker:8000\n", "", "front: review-worker is not named"),
    ("=http://review-api:8000", "=http://reviews-api:8000", "front: review-api is not named"),
    ("      review-worker: {condition: service_healthy}\n", "", "front: does not wait for review-worker"),
]
DISBELIEVED = [
    ("  MINGPAI_TRUSTED_PROXIES: 172.30.8.2", "  MINGPAI_TRUSTED_PROXIES: 172.30.8.0/24", "review-api: believes"),
    ("ipv4_address: 172.30.8.2", "ipv4_address: 172.30.8.130", "gateway: 172.30.8.130 is not its own"),
    ("gateway: 172.30.8.1}", "gateway: 172.30.8.3}", "gateway: believes another web server"),
]
LOCKED_OUT = [
    (
        "REVIEW_MIGRATION_URL: postgresql://review_owner:",
        "REVIEW_MIGRATION_URL: postgresql://review:",
        "review-migrate: does not migrate as the owner",
    ),
    (
        "    command: [review_service, api]\n    environment:\n",
        "    command: [review_service, api]\n    environment:\n      REVIEW_MIGRATION_URL: postgresql://review_owner:x@postgres/review\n",
        "review-api: does not migrate as the owner of the tables, or could",
    ),
    (
        "REVIEW_PASSWORD: ${REVIEW_DATABASE_PASSWORD:",
        "REVIEW_PASSWORD: ${REVIEW_PASSWORD:-other}${X:",
        "review-api: does not",
    ),
    (
        "REVIEW_KAFKA_USERNAME: review",
        "REVIEW_KAFKA_USERNAME: registry",
        "review-worker: does not log in to the broker",
    ),
    (
        "KAFKA_REVIEW_PASSWORD: ${KAFKA_REVIEW_PASSWORD:-demo-",
        "KAFKA_REVIEW_PASSWORD: ${X:-demo-a",
        "review-worker: does",
    ),
    ("STACK_KAFKA_USERNAME: admin", "STACK_KAFKA_USERNAME: root", "topics: does not log in to the broker"),
    ('KAFKA_PORT: "9092"', 'KAFKA_PORT: "9094"', "topics: looks for the broker elsewhere"),
]
SHARED = [
    ('volumes: ["clock:/data/clock"]', "volumes: []", "notifications-api: has a clock of its own"),
]
KEPT = [
    ("REVIEW_FILES_ACCESS_KEY_ID: review", "REVIEW_FILES_ACCESS_KEY_ID: applications", "review-api: does not ask"),
    (
        "REVIEW_FILES_SECRET_ACCESS_KEY: ${FILES_REVIEW_SECRET:-demo-files-review}",
        "REVIEW_FILES_SECRET_ACCESS_KEY: ${FILES_APPLICATIONS_SECRET:-demo-files-applications}",
        "review-worker: does not ask",
    ),
    ("MINGPAI_FILES_ENDPOINT: http://files:8333", "MINGPAI_FILES_ENDPOINT: http://files:8888", "registry-api: does"),
    (
        "  MINGPAI_SMTP_HOST:",
        "  APPLICATIONS_FILES_BUCKET: other\n  MINGPAI_SMTP_HOST:",
        "front: does not ask the store",
    ),
]


def broken(text: str, good: str, bad: str) -> Document:
    assert good in text
    return parsed(text.replace(good, bad))


@pytest.mark.parametrize("document", [parsed(DEMO), parsed(OVER), merged(DEMO, OVER)], ids=["demo", "over", "both"])
def test_the_files_are_of_the_compose_specification(document: Document) -> None:
    assert rules.schema_problems(document) == []


@pytest.mark.parametrize(
    ("good", "bad", "where"),
    [
        ("stop_signal:", "stop_signals:", "services/postgres"),
        ("condition: service_healthy}", "condition: healthy}", "depends_on"),
        ("  clock:\n", "  clock: 3\n", "volumes/clock"),
    ],
)
def test_what_is_not_of_the_specification_is_found(good: str, bad: str, where: str) -> None:
    assert [found for found in rules.schema_problems(broken(DEMO, good, bad)) if where in found]


def test_the_specification_is_as_it_came() -> None:
    (name,) = VENDORED
    assert hashlib.sha256((Path(__file__).parent / name).read_bytes()).hexdigest() == VENDORED[name]["sha256"]
    assert VENDORED[name]["licence"] == "Apache-2.0"


@pytest.mark.parametrize("document", [parsed(DEMO), merged(DEMO, OVER)], ids=["demo", "production"])
def test_every_container_is_closed_bounded_checked_and_waits_for_what_it_needs(document: Document) -> None:
    assert rules.problems(document) == []


@pytest.mark.parametrize(("good", "bad", "problem"), BROKEN)
def test_a_careless_container_is_found(good: str, bad: str, problem: str) -> None:
    assert [found for found in rules.problems(broken(DEMO, good, bad)) if problem in found]


@pytest.mark.parametrize(
    ("judge", "planted"),
    [
        (rules.differences, DIFFERENT),
        (lambda document: rules.front_problems(document, NGINX), MISNAMED),
        (lambda document: rules.gateway_problems(document, NGINX), DISBELIEVED),
        (rules.credential_problems, LOCKED_OUT),
        (rules.clock_problems, SHARED),
        (rules.file_problems, KEPT),
    ],
    ids=["differences", "front", "gateway", "credentials", "clocks", "files"],
)
def test_the_containers_are_those_of_the_stack_and_know_each_other(
    judge: Callable[[Document], list[str]], planted: list[tuple[str, str, str]]
) -> None:
    assert judge(parsed(DEMO)) == []
    for good, bad, problem in planted:
        found = judge(broken(DEMO, good, bad))
        assert [one for one in found if problem in one], (good, found)


def test_the_gateway_knows_the_containers() -> None:
    assert rules.front_problems(parsed(DEMO), NGINX.replace("server review-api:8000", "server review:8000")) == [
        "gateway: review-api:8000 is not its or not there",
        "gateway: review:8000 is not its or not there",
    ]


def test_what_the_containers_mount_is_what_the_code_makes(tmp_path: Path) -> None:
    assert [name for name, text in made().items() if read(DEPLOY / name) != text] == [], "run: make docs"
    assert write(tmp_path) == list(made())
    assert write(tmp_path) == []


def test_the_demo_starts_without_being_given_anything() -> None:
    assert rules.refusals(parsed(DEMO), {}) == []
    assert set(variables(DEMO).values()) == {":-"}
    refused = rules.refusals(broken(DEMO, "MINGPAI_PROFILE: demo", "MINGPAI_PROFILE: production"), {})
    assert [found for found in refused if found.startswith("review-api: MINGPAI_CURSOR_SECRET")]


def test_production_takes_every_secret_from_outside_and_has_no_part_of_the_demo() -> None:
    document = merged(DEMO, OVER)

    assert rules.secrets(document) == []
    planted = OVER.replace("${KAFKA_REVIEW_PASSWORD:?", "${KAFKA_REVIEW_PASSWORD:-demo-review").replace(
        "review at the", ""
    )
    assert rules.secrets(merged(DEMO, planted)) == ["review-worker: REVIEW_KAFKA_PASSWORD"]
    assert [name for name, one in document["services"].items() if one.get("profiles") == ["demo"]] == [
        "postgres",
        "kafka",
        "files",
        "mailpit",
    ]


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ("    depends_on: !reset {}\n", "", "topics: waits for kafka, which is not started with it"),
        ("    depends_on: !reset {}\n", "", "review-migrate: waits for postgres, which is not started with it"),
        ("    depends_on:\n      files: !reset {}\n", "", "front: waits for files, which is not started with it"),
        ("MINGPAI_MAIL_FROM", "MINGPAI_SENDER", "review-api: MINGPAI_SENDER is no setting of it"),
    ],
)
def test_a_part_of_production_that_could_not_start_is_found(good: str, bad: str, problem: str) -> None:
    assert good in OVER
    assert problem in rules.problems(merged(DEMO, OVER.replace(good, bad)))


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        (
            '  MINGPAI_CLOCK_FILE: ""\n',
            "",
            "review-api: MINGPAI_CLOCK_FILE: production refuses the movable legal clock",
        ),
        (
            "  MINGPAI_KAFKA_SECURITY: SSL\n",
            "",
            "review-api: MINGPAI_KAFKA_SECURITY: production refuses brokers beyond",
        ),
        ("  MINGPAI_CORS_ORIGINS: ${MINGPAI_CORS_ORIGINS:-}\n", "", "front: MINGPAI_CORS_ORIGINS: production refuses"),
        (
            "  MINGPAI_FILES_ENDPOINT: ${MINGPAI_FILES_ENDPOINT:?the store of attachments, https}\n",
            "",
            "review-api: MINGPAI_FILES_ENDPOINT: production refuses a store beyond",
        ),
    ],
)
def test_a_production_that_our_own_settings_refuse_is_found(good: str, bad: str, problem: str) -> None:
    assert good in OVER
    given = {name: GIVEN.get(name, "given.example.org:9093") for name in variables(OVER)}
    given |= {
        "MINGPAI_ISSUER_ADDRESS": "",
        "MINGPAI_CORS_ORIGINS": "",
        "MINGPAI_SMTP_PORT": "",
        "MINGPAI_SMTP_STARTTLS": "",
        "MINGPAI_FILES_BUCKET": "",
    }
    found = rules.refusals(merged(DEMO, OVER.replace(good, bad)), given)
    assert [one for one in found if one.startswith(problem)]


def test_production_starts_with_what_it_demands_and_names_what_is_missing() -> None:
    document = merged(DEMO, OVER)
    demanded = {name for name, how in variables(OVER).items() if how == ":?"}
    given = {name: GIVEN.get(name, "given.example.org:9093") for name in demanded}

    assert rules.refusals(document, given) == []
    environ = rules.environment(document, "review-worker", given)
    settings = Settings.for_service("review", environ)
    assert (settings.is_production, settings.kafka_security) == (True, "SASL_SSL")
    for name in demanded - {"MINGPAI_CERTIFICATES"}:
        with pytest.raises(KeyError, match=name):
            rules.refusals(document, {**given, name: ""})
    assert "MINGPAI_CERTIFICATES:?" in str(document["services"]["topics"]["volumes"])


def test_the_brokers_image_and_its_start_are_those_of_the_stack() -> None:
    pom = (DEPLOY / "kafka/pom.xml").read_text("utf-8")
    start = (DEPLOY / "kafka/start.sh").read_text("utf-8")
    properties = (DEPLOY / "kafka/server.properties").read_text("utf-8")

    assert set(re.findall(r"<version>(4\.[\d.]+)</version>", pom)) == {
        parsed(DEMO)["services"]["kafka"]["image"].rpartition(":")[2]
    }
    assert set(re.findall(r"name=(\w+),password", start)) == {*NAMES, ADMIN}
    assert set(re.findall(r"\{(\w+)\}", properties)) == set(re.findall(r"\|\{(\w+)\}\|", start))
    assert f"|{MECHANISM}|" in start
    assert set(re.findall(r"\$(?:\{)?(KAFKA_[A-Z_]+)(?=[\"|}\]]|$)", start)) - {"KAFKA_LISTEN"} == set(
        parsed(DEMO)["services"]["kafka"]["environment"]
    )
