"""After the whole core path nothing below the data folder is readable by others, and no page names a path of it."""

import stat
from contextlib import suppress
from pathlib import Path

import pytest

from common.files.private import readable_by_others
from embedded.demo.people import load_demo
from embedded.journey import core_path
from embedded.journey.player import Player
from embedded.machine.doctor import examine
from support.service.platform import platform_on, sqlite_databases


@pytest.mark.usefixtures("without_umask")
async def test_everything_below_the_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    data = tmp_path / "var"
    async with platform_on(sqlite_databases(data), data, raising=True) as platform:
        await core_path.play(Player(platform.client, load_demo(), story="private", report=lambda _: None))
        running = found(data)
        status = (await platform.client.get("/status.json")).text + (await platform.client.get("/status")).text

    assert {name.rpartition(".")[2] for name in running} >= {"db", "lock", "db-wal", "db-shm", "eml", "json"}
    assert {mode for mode, _ in running.values()} == {0o700, 0o600, 0o400}
    assert {name: kind for name, (mode, kind) in running.items() if kind == "folder" and mode != 0o700} == {}
    assert list(readable_by_others(data)) == []
    assert str(tmp_path) not in status


def found(data: Path) -> dict[str, tuple[int, str]]:
    """Return rights and kind of everything in the folder, itself included."""
    seen = {}
    for path in (data, *data.rglob("*")):
        with suppress(FileNotFoundError):  # a mail that is just being written gets its name by being moved
            kind = "folder" if path.is_dir() else "file"
            seen[str(path.relative_to(data))] = (stat.S_IMODE(path.stat().st_mode), kind)
    return seen


def test_the_doctor_finds_what_others_may_read_and_says_how_to_close_it(tmp_path: Path) -> None:
    (tmp_path / "registry.db").touch(mode=0o600)
    tmp_path.chmod(0o700)
    assert next(each for each in examine(0, tmp_path) if each.check == "access").ok

    (tmp_path / "registry.db").chmod(0o644)

    finding = next(each for each in examine(0, tmp_path) if each.check == "access")
    assert not finding.ok
    assert "registry.db" in finding.found
    assert finding.mend == f"chmod -R go= {tmp_path}"
