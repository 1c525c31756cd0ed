import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from common.settings import Profile
from embedded.launcher import Start, assembled
from stack.servers.postgres import SERVICE_SQL
from support.rules.compose_files import parsed
from support.rules.images import dockerfile_problems, not_let_through

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")
DOCKERFILE = (ROOT / "deploy/docker/Dockerfile").read_text("utf-8")
DOCKERIGNORE = (ROOT / ".dockerignore").read_text("utf-8")
DATABASES = (ROOT / "deploy/postgres/databases.sh").read_text("utf-8")
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if path.is_dir())
MEMBERS = ["libs/common", *(f"services/{name}" for name in SERVICES), "deploy/embedded", "deploy/stack"]

BROKEN_IMAGE = [
    ("COPY services services\n", "", "services/review is not copied"),
    ("-e services/review ", "", "services/review is not installed"),
    ("--require-hashes -r requirements-uv.lock", "uv", "takes versions that nobody locked"),
    ("-c requirements.lock --no-build", "--no-build", "takes versions that nobody locked"),
    ("USER 10001:10001\n", "", "runs as root"),
    ("USER 10001:10001", "USER root", "runs as root"),
    ("/readyz", "/livez", "has no health check on /readyz"),
    ("FROM python:3.11-slim\n", "FROM python:latest\n", "no fixed version"),
    ("USER 10001:10001", "USER 10001:10001\nVOLUME /data", "leaves a volume behind for every container"),
    ("COPY programmes", "ADD https://example.org/programmes", "fetches by itself"),
]


def test_the_image_holds_every_member_in_locked_versions_and_runs_as_nobody() -> None:
    assert dockerfile_problems(DOCKERFILE, MEMBERS) == []


@pytest.mark.parametrize(("good", "bad", "problem"), BROKEN_IMAGE)
def test_a_careless_image_is_found(good: str, bad: str, problem: str) -> None:
    assert good in DOCKERFILE

    assert [found for found in dockerfile_problems(DOCKERFILE.replace(good, bad), MEMBERS) if problem in found]


def test_whatever_the_image_copies_reaches_the_build_and_stands_in_the_checkout() -> None:
    assert not_let_through(DOCKERFILE, DOCKERIGNORE) == []
    assert not_let_through(DOCKERFILE, DOCKERIGNORE.replace("!programmes\n", "")) == ["programmes"]
    copied = {s for line in DOCKERFILE.splitlines() if line.startswith("COPY ") for s in line.split()[1:-1]}
    assert [source for source in copied if not source.startswith("-") and not (ROOT / source).exists()] == [
        "/srv/mingpai"
    ]


def test_every_service_gets_a_database_of_its_own() -> None:
    named = re.search(r"for service in (.*); do", DATABASES)

    assert named is not None
    assert sorted(named[1].split()) == SERVICES


def test_every_role_gets_its_own_password_and_none_is_made_without(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    (tmp_path / "psql").write_text(f'#!/bin/sh\necho "$* $SERVICE_PASSWORD, $OWNER_PASSWORD" >>{calls}\n')
    (tmp_path / "psql").chmod(0o755)
    environ = {"PATH": f"{tmp_path}:{os.defpath}", "POSTGRES_USER": "postgres"}
    environ |= {f"{service.upper()}_PASSWORD": f"word of {service}" for service in SERVICES}
    environ |= {f"{service.upper()}_OWNER_PASSWORD": f"owner's of {service}" for service in SERVICES}

    def run(**more: str) -> int:
        script = ROOT / "deploy/postgres/databases.sh"
        return subprocess.run([script], env=environ | more, check=False, capture_output=True).returncode  # noqa: S603 -- our own script

    assert run() == 0
    lines = calls.read_text("utf-8").splitlines()
    pattern = r".* service=(\w+) .* word of (\w+), owner's of (\w+)$"
    assert sorted(re.sub(pattern, r"\1 \2 \3", line) for line in lines) == [
        f"{name} {name} {name}" for name in SERVICES
    ]
    assert run(REVIEW_PASSWORD="") != 0
    assert run(REVIEW_OWNER_PASSWORD="") != 0


def test_the_container_and_the_stack_make_databases_by_the_same_sql() -> None:
    inside = "/docker-entrypoint-initdb.d"
    volumes = parsed(COMPOSE)["services"]["postgres"]["volumes"]
    mounted = dict(volume.split(":")[1::-1] for volume in volumes if "/" in volume)
    read = re.search(r"-f (\S+)", DATABASES)

    assert read is not None
    assert ROOT / mounted[read[1]] == SERVICE_SQL
    assert ROOT / mounted[f"{inside}/databases.sh"] == ROOT / "deploy/postgres/databases.sh"


@pytest.mark.parametrize("member", MEMBERS)
def test_whatever_a_member_declares_is_locked(member: str) -> None:
    locked = set(re.findall(r"(?m)^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text("utf-8")))
    declared = tomllib.loads((ROOT / member / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {re.split(r"[<>=!~;\[ ]", each)[0].lower() for each in declared}

    assert {name for name in names if not name.startswith("mingpai-")} - locked == set()


async def test_the_launcher_listens_where_its_environment_says_and_its_pages_name_loopback(tmp_path: Path) -> None:
    everywhere = Start(port=0, data=tmp_path, profile=Profile.DEMO, environ={"MINGPAI_HOST": "0.0.0.0"})  # noqa: S104 -- is the point

    async with assembled(everywhere) as (assembly, listening):
        assert listening.getsockname()[0] == "0.0.0.0"  # noqa: S104 -- as above
        assert assembly.place.url == f"http://127.0.0.1:{listening.getsockname()[1]}"
