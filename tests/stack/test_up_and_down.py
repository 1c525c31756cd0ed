"""What `make stack`, `make stack-down` and `make stack-status` say and do where nothing real is started."""

import json
import os
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from embedded.machine.ports import take
from stack.cli import cli
from stack.commands.down import OWNED
from stack.machine.places import Place, UnsafeFolderError, shared_folder
from stack.machine.processes import Program, start
from stack.machine.record import FILE, Record, StackBusyError, alone, recorded
from stack.machine.requirements import Machine, PartsMissing, require

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WAITS = [sys.executable, "-c", "import signal; signal.pause()"]


def invoke(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [*arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Record]:
    """Provide the record of a stack of one process that does nothing."""
    program = Program(name="registry-api-1", kind="api", argv=WAITS, url="http://127.0.0.1:9")
    process, child = start(program, environ=os.environ, log=tmp_path / "logs" / "registry-api-1.log")
    record = Record(url="http://127.0.0.1:8", data=str(tmp_path), started_at=AT, processes=[process])
    record.write()
    yield record
    child.kill()
    child.wait(10)


def test_a_second_stack_on_the_same_data_is_refused_and_the_first_is_named(running: Record) -> None:
    code, said = invoke("up", "--data", running.data)

    assert code == 2
    assert "the stack at http://127.0.0.1:8 runs" in said
    assert "stack-down" in said
    assert running.living


def test_a_busy_port_is_refused_before_anything_is_started_and_its_holder_is_named(tmp_path: Path) -> None:
    with take("127.0.0.1", 0) as busy:
        port = busy.getsockname()[1]
        code, said = invoke("up", "--data", str(tmp_path), "--port", str(port))

    assert code == 2
    assert f"port {port} is taken by process {os.getpid()} (" in said
    assert "for example: make stack PORT=" in said
    assert [path.name for path in tmp_path.iterdir()] == ["stack.lock"]


def test_data_that_no_stack_made_are_neither_used_nor_removed(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "sole-copy").write_text("x")

    code, said = invoke("up", "--data", str(tmp_path))
    assert (code, "not of a stack that is on record" in said) == (2, True)
    assert invoke("down", "--data", str(tmp_path)) == (0, f"nothing runs with {tmp_path}\n")

    assert (tmp_path / "files" / "sole-copy").exists()


def test_down_ends_what_is_on_record_and_removes_its_data_but_not_its_logs(running: Record) -> None:
    data = Path(running.data)
    for name in ("files/sha256/ab", "mail/1.eml", "kafka/log", "notes.txt"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text("x")

    assert invoke("down", "--data", running.data) == (0, "1 processes ended\n")

    assert not running.living
    assert {path.name for path in data.iterdir()} == {"logs", "notes.txt", "stack.lock"}
    assert {path.name for path in (data / "logs").iterdir()} == {"registry-api-1.log"}


def test_the_log_of_a_server_in_another_folder_is_kept_with_the_others(running: Record) -> None:
    data = Path(running.data)
    (data / "kafka").mkdir()
    (data / "kafka" / "broker.log").write_text("end of its log")
    elsewhere = {"log": str(data / "kafka" / "broker.log")}
    running.processes[0] = running.processes[0].model_copy(update=elsewhere)
    running.write()

    invoke("down", "--data", running.data)

    assert (data / "logs" / "registry-api-1.log").read_text() == "end of its log"


def test_down_where_nothing_runs_says_so(tmp_path: Path) -> None:
    assert invoke("down", "--data", str(tmp_path)) == (0, f"nothing runs with {tmp_path}\n")


def test_only_one_command_at_a_time_works_on_a_stack(tmp_path: Path) -> None:
    with alone(tmp_path):
        for command in ("up", "down", "restart"):
            code, said = invoke(command, "--data", str(tmp_path))
            assert (code, "another command works on the stack" in said) == (2, True)


def test_the_record_is_readable_by_its_owner_alone(running: Record) -> None:
    assert stat.S_IMODE((Path(running.data) / FILE).stat().st_mode) == 0o600


def test_a_damaged_record_is_an_error_and_no_reason_to_forget_processes(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{}")

    with pytest.raises(StackBusyError, match="cannot be read"):
        recorded(tmp_path)
    for command in ("up", "down", "restart", "status"):
        assert invoke(command, "--data", str(tmp_path))[0] == 2


def test_status_lists_each_process_and_says_that_the_whole_is_not_ready(running: Record) -> None:
    code, said = invoke("status", "--data", running.data, "--format", "json")

    found = json.loads(said)
    assert code == 1
    assert (found["ready"], found["url"]) == (False, "http://127.0.0.1:8")
    assert [(one["name"], one["pid"], one["state"]) for one in found["processes"]] == [
        ("registry-api-1", running.processes[0].pid, "not ready")
    ]
    assert {"id", "secret", "roles", "org", "division", "sub"} == set(found["clients"][0])
    invoke("down", "--data", running.data)
    assert json.loads(invoke("status", "--data", running.data, "--format", "json")[1])["url"] is None


def test_everything_that_is_missing_is_named_at_once_with_what_to_install(tmp_path: Path) -> None:
    bare = Machine(path=str(tmp_path), nginx=str(tmp_path / "nginx"), postgres=tmp_path)

    with pytest.raises(PartsMissing) as error:
        require(tmp_path, bare)

    assert str(error.value) == (
        "the stack needs Java, Maven, nginx, PostgreSQL; "
        "install: apt-get install default-jre-headless maven nginx-light postgresql"
    )


def test_what_is_there_is_not_asked_for(tmp_path: Path) -> None:
    for name in ("java", "mvn", "pg_ctl"):
        (tmp_path / name).touch(mode=0o755)

    with pytest.raises(PartsMissing, match=r"^the stack needs nginx; install: apt-get install nginx-light$"):
        require(tmp_path, Machine(path=str(tmp_path), nginx="", postgres=tmp_path))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands folders to other users")
def test_a_folder_that_a_stranger_made_is_not_used(tmp_path: Path) -> None:
    above = shared_folder(tmp_path)
    above.mkdir()
    try:
        os.chown(above, 65534, 65534)
        with pytest.raises(UnsafeFolderError, match="belongs to another user"):
            Place.of(tmp_path, "postgres", owner="postgres").make()
    finally:
        above.rmdir()


def test_nothing_that_is_owned_is_outside_the_data_folder() -> None:
    assert not [name for name in OWNED if "/" in name or name.startswith("..")]
