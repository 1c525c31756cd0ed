"""The store of attachments as its container starts it: `deploy/seaweedfs/start.sh`, with programs that take notes."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from common.settings import Settings
from stack.commands.containers import DEPLOY
from support.rules.compose_files import ROOT, parsed

START = DEPLOY / "seaweedfs" / "start.sh"
STORE = parsed((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]["files"]
BUCKET = Settings.for_service("review", {}).files_bucket
READS = [f"Read:{BUCKET}", f"List:{BUCKET}"]


PROGRAMS = {
    "weed": """echo "weed $*" >>notes
        case $* in
        *shell*) cat >>notes; touch made ;;
        *server*) echo "key $WEED_JWT_FILER_SIGNING_KEY" >>notes; read -r _ <there ;;
        esac""",
    "wget": 'test -e made && echo "wget $*" >>notes && echo >there',
    "sleep": "true",
}
"""Replaces the image's program: the server runs until its bucket, made through the shell, was found."""


def run(folder: Path, **other: str) -> tuple[int, list[str]]:
    """Start it with the variables of its container; returns how it ended and each call of a program, in lines."""
    os.mkfifo(folder / "there")
    for name, does in PROGRAMS.items():
        (folder / name).write_text(f"#!/bin/sh\n{does}\n")
        (folder / name).chmod(0o755)
    words = {name: f"word-of-{name.lower().replace('_', '-')}" for name in STORE["environment"]}
    environ = {"PATH": f"{folder}:{os.defpath}", "SEAWEEDFS_MADE": str(folder), **words, **other}
    ended = subprocess.run([START], env=environ, cwd=folder, check=False, capture_output=True, timeout=30)  # noqa: S603 -- our own script
    notes = folder / "notes"
    return ended.returncode, notes.read_text("utf-8").splitlines() if notes.exists() else []


def identities(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the users that the store was configured with."""
    found: list[dict[str, Any]] = json.loads((folder / "s3.json").read_text("utf-8"))["identities"]
    return {one.pop("name"): one for one in found}


WRITES = {"applications": [f"Write:{BUCKET}"], "review": [f"Write:{BUCKET}/review/*"], "registry": []}


def test_each_key_may_write_where_its_service_takes_files_and_nobody_beyond_the_bucket(tmp_path: Path) -> None:
    assert run(tmp_path)[0] == 0
    assert identities(tmp_path) == {
        name: {
            "credentials": [{"accessKey": name, "secretKey": f"word-of-files-{name}-secret"}],
            "actions": [*READS, *WRITES[name]],
        }
        for name in ("applications", "review", "registry")
    }
    assert (tmp_path / "s3.json").stat().st_mode & 0o777 == 0o600


def test_only_s3_listens_beyond_loopback_and_what_cannot_be_closed_asks_for_a_token_of_this_start(
    tmp_path: Path,
) -> None:
    keys = set()
    for start in ("first", "second"):
        (tmp_path / start).mkdir()
        _, lines = run(tmp_path / start)
        (server,) = [line for line in lines if " server " in line]
        options = dict(part.split("=") for part in server.split() if "=" in part)
        assert (options["-ip"], options["-ip.bind"], options["-s3.ip.bind"]) == ("127.0.0.1", "127.0.0.1", "0.0.0.0")  # noqa: S104 -- is the point
        assert [options[name] for name in ("-s3.port.iceberg", "-s3.port.lance", "-s3.iam")] == ["0", "0", "false"]
        assert options["-s3.config"] == str(tmp_path / start / "s3.json")
        keys |= {line for line in lines if re.fullmatch(r"key [0-9a-f]{64}", line)}
    assert len(keys) == 2


@pytest.mark.parametrize("word", ["", 'a"b', "a b", "a$b"])
@pytest.mark.parametrize("name", sorted(STORE["environment"]))
def test_a_secret_that_is_none_or_would_not_stay_one_starts_nothing(tmp_path: Path, name: str, word: str) -> None:
    assert run(tmp_path, **{name: word}) == (2, [])


def test_the_bucket_is_made_and_looked_for_where_the_health_check_looks(tmp_path: Path) -> None:
    ended, lines = run(tmp_path)
    s3, bucket = STORE["healthcheck"]["test"][-2:]
    (server,) = [line for line in lines if " server " in line]
    assert s3.startswith(f"http://127.0.0.1:{re.findall('-s3.port=([0-9]+)', server)[0]}/")
    assert (ended, lines.count(f"s3.bucket.create -name {BUCKET}")) == (0, 1)
    assert [line.split()[-1] for line in lines if line.startswith("wget")] == [bucket]
