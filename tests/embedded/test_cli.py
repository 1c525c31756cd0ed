import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from embedded.cli import cli
from embedded.console import task
from embedded.demo.people import load_demo
from embedded.machine.data_folder import locked, recording
from embedded.machine.ports import take

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
KEPT = (
    "registry.db",
    "registry.db-wal",
    "files/ab/cd",
    "mail/mail_1.eml",
    "issuer.json",
    "demo-clock.json",
    "run.lock",
)
FOREIGN = ("notes.txt", "postgres/base/1", "photo.jpg")


def invoke(*arguments: str, text: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [*arguments], input=text)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in (*KEPT, *FOREIGN):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return tmp_path


def left(data: Path) -> set[str]:
    return {str(path.relative_to(data)) for path in data.rglob("*") if path.is_file()}


def test_reset_asks_first_and_a_no_keeps_everything(data: Path) -> None:
    code, said = invoke("reset", "--data", str(data), text="n\n")
    assert code == 1
    assert "nothing was removed" in said
    assert left(data) == {*KEPT, *FOREIGN}


def test_reset_without_an_answer_keeps_everything(data: Path) -> None:
    code, _ = invoke("reset", "--data", str(data))
    assert code == 1
    assert left(data) == {*KEPT, *FOREIGN}


@pytest.mark.parametrize(("flags", "text"), [((), "y\n"), (("--yes",), None)])
def test_reset_removes_what_is_ours_and_nothing_else(data: Path, flags: tuple[str, ...], text: str | None) -> None:
    code, _ = invoke("reset", "--data", str(data), *flags, text=text)
    assert code == 0
    assert left(data) == set(FOREIGN)


def test_reset_refuses_while_the_platform_runs(data: Path) -> None:
    with locked(data):
        code, said = invoke("reset", "--data", str(data), "--yes")
    assert code == 2
    assert "in use" in said
    assert left(data) == {*KEPT, *FOREIGN}


def test_reset_removes_a_link_and_never_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "precious").touch()
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "files").symlink_to(tmp_path / "elsewhere")
    invoke("reset", "--data", str(tmp_path / "var"), "--yes")
    assert (tmp_path / "elsewhere" / "precious").exists()
    assert not (tmp_path / "var" / "files").is_symlink()


def test_reset_of_an_empty_directory_says_so(tmp_path: Path) -> None:
    code, said = invoke("reset", "--data", str(tmp_path))
    assert (code, said.strip()) == (0, f"nothing to remove in {tmp_path}")


def test_status_of_nothing_says_how_to_start_and_fails(tmp_path: Path) -> None:
    code, said = invoke("status", "--data", str(tmp_path))
    assert code == 1
    assert said.splitlines()[0] == f"not running with {tmp_path}; start it with: make run DATA={tmp_path}"


def test_the_folder_that_needs_no_naming_is_not_named() -> None:
    assert task("run", Path("var")) == "make run"


def test_status_for_programs_names_every_client_with_its_secret(tmp_path: Path) -> None:
    # A port that nothing serves: the process is there and does not answer.
    with take("127.0.0.1", 0) as silent:
        port = silent.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with locked(tmp_path), recording(tmp_path, url=url, profile="demo", started_at=AT):
        code, said = invoke("status", "--data", str(tmp_path), "--format", "json")
    found = json.loads(said)
    assert (code, found["url"], found["data"], found["ready"]) == (1, url, str(tmp_path), False)
    assert [client["id"] for client in found["clients"]] == [client.id for client in load_demo().clients]
    assert next(client for client in found["clients"] if client["id"] == "county-lixia") == {
        "id": "county-lixia",
        "secret": "demo-county-lixia-52aa",
        "roles": ["recommender"],
        "org": "AG-370102",
        "division": "370102",
        "sub": "person-county-lixia",
    }


def test_status_of_production_names_no_demo_client(tmp_path: Path) -> None:
    with locked(tmp_path), recording(tmp_path, url="http://127.0.0.1:9", profile="production", started_at=AT):
        _, said = invoke("status", "--data", str(tmp_path), "--format", "json")
    assert json.loads(said)["clients"] == []


def test_status_in_a_pipe_cuts_no_secret_short(tmp_path: Path) -> None:
    _, said = invoke("status", "--data", str(tmp_path))
    for client in load_demo().clients:
        assert f"{client.id}\t{client.secret.get_secret_value()}\t" in said


def test_run_on_a_busy_port_names_the_holder_and_leaves_no_trace(tmp_path: Path) -> None:
    with take("127.0.0.1", 0) as taken:
        code, said = invoke("run", "--port", str(taken.getsockname()[1]), "--data", str(tmp_path))
    assert code == 2
    assert "is taken by process" in said
    assert "PORT=" in said
    assert [path.name for path in tmp_path.iterdir()] == ["run.lock"]


def test_run_on_data_in_use_says_so(tmp_path: Path) -> None:
    with locked(tmp_path):
        code, said = invoke("run", "--port", "0", "--data", str(tmp_path))
    assert code == 2
    assert "is in use by another process" in said


def test_doctor_fails_when_something_needs_mending(tmp_path: Path) -> None:
    with take("127.0.0.1", 0) as taken:
        code, said = invoke("doctor", "--port", str(taken.getsockname()[1]), "--data", str(tmp_path))
    assert code == 1
    assert "mend: make run PORT=" in said
