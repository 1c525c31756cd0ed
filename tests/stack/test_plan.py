"""The environment of each process of the stack: what it needs, and no secret of another."""

from pathlib import Path

import pytest

from common.settings import Settings, Shape
from stack.machine.plan import NAMES, Plan, Ports
from stack.machine.processes import Program

DATA = Path("/srv/stack")


def planned(*, apis: int = 1, workers: int = 1) -> Plan:
    databases = {name: f"postgresql://{name}:database-word-of-{name}@127.0.0.1:5432/{name}" for name in NAMES}
    owners = {name: f"postgresql://{name}_owner:owner-word-of-{name}@127.0.0.1:5432/{name}" for name in NAMES}
    secrets = {name: f"kafka-word-of-{name}" for name in (*NAMES, "admin")}
    ports = Ports.free(gateway=0, apis=apis, workers=workers)
    return Plan(data=DATA, ports=ports, databases=databases, owners=owners, kafka_secrets=secrets)


def all_programs(plan: Plan) -> list[Program]:
    return [*plan.migrations(), plan.topics(), *plan.services(), plan.front()]


def test_one_api_and_one_worker_per_service_are_nine_processes_with_the_front() -> None:
    plan = planned()

    names = [program.name for program in [*plan.services(), plan.front()]]

    assert sorted(names) == sorted([*(f"{name}-{kind}-1" for name in NAMES for kind in ("api", "worker")), "front"])


def test_several_of_a_kind_have_ports_of_their_own() -> None:
    plan = planned(apis=2, workers=3)

    programs = [*plan.services(), plan.front()]

    assert len(programs) == 4 * 5 + 1
    assert len({program.url for program in programs} | {plan.url}) == 4 * 5 + 2


def test_a_given_port_is_the_gateways() -> None:
    assert Ports.free(gateway=8123, apis=1, workers=1).gateway == 8123


@pytest.mark.parametrize("kind", ["api", "worker", "migrate"])
@pytest.mark.parametrize("name", NAMES)
def test_no_service_is_given_anothers_password_or_the_admins(name: str, kind: str) -> None:
    program = next(one for one in all_programs(planned()) if one.name.startswith(f"{name}-{kind}"))
    given = " ".join([*program.argv, *program.environ.values()])

    assert f"database-word-of-{name}@" in given
    assert (f"kafka-word-of-{name}" in given) is (kind == "worker")
    assert (f"owner-word-of-{name}@" in given) is (kind == "migrate")
    for other in {*NAMES, "admin"} - {name}:
        assert f"word-of-{other}" not in given, other


def test_the_front_is_given_no_password_and_the_topics_only_the_admins() -> None:
    plan = planned()

    assert "word-of" not in " ".join([*plan.front().argv, *plan.front().environ.values()])
    given = " ".join(plan.topics().environ.values())
    assert [name for name in (*NAMES, "admin") if f"word-of-{name}" in given] == ["admin"]


def test_no_password_is_on_a_command_line() -> None:
    assert not [program.name for program in all_programs(planned()) if "word-of" in " ".join(program.argv)]


@pytest.mark.parametrize("program", planned().services(), ids=lambda program: program.name)
def test_every_service_takes_its_environment_as_the_distributed_shape(program: Program) -> None:
    settings = Settings.for_service(program.name.split("-")[0], program.environ)

    assert settings.shape is Shape.DISTRIBUTED
    assert program.url == f"http://127.0.0.1:{settings.port}"
    assert settings.clock_file == DATA / "demo-clock.json"


def test_the_front_knows_every_process_and_is_the_issuer() -> None:
    plan = planned(apis=2)
    front = plan.front()

    for program in plan.services():
        name, kind, _ = program.name.split("-")
        assert f"--{kind}={name}={program.url}" in front.argv
    assert front.environ["MINGPAI_URL"] == plan.url
    origins = {(one.environ["MINGPAI_ISSUER"], one.environ["MINGPAI_ISSUER_ADDRESS"]) for one in plan.services()}
    assert origins == {(plan.url, front.url)}
