"""A start that cannot be: one sentence on the standard error, status 2, and nothing is started again and again."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.service.platform import platform_on
from support.service.settings import PRODUCTION

DEADLINE = 100.0


def start(data: Path, environ: Mapping[str, str], *, full: bool = False, profile: str = "demo") -> tuple[int, str]:
    """Run the launcher until it gives up; with `full` no file may grow."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MINGPAI_")}
    command = [sys.executable, "-m", "embedded", "run", "--no-journey", "--port", "0", "--data", str(data)]
    ended = subprocess.run(  # noqa: S603 -- our own program
        [*command, "--profile", profile],
        env={**inherited, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE,
        preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))) if full else None,
    )
    return ended.returncode, ended.stderr


def test_a_start_on_a_full_disk_ends_with_a_sentence(tmp_path: Path) -> None:
    status, said = start(tmp_path, {}, full=True)
    assert (status, said.splitlines()[-1].partition(": ")[0], "Traceback" in said) == (2, "error", False)


@pytest.mark.parametrize(
    ("profile", "environ", "said"),
    [
        ("demo", {"MINGPAI_DATABASE_URL": "sqlite://"}, "MINGPAI_DATABASE_URL: must name a file"),
        ("demo", {"MINGPAI_DATABASE_URL": "sqlite:///one.db"}, "MINGPAI_DATABASE_URL: review needs a database"),
        ("demo", {"MINGPAI_BUS": "{data}/review.db"}, "MINGPAI_DATABASE_URL: must be another file than MINGPAI_BUS"),
        ("demo", {"MINGPAI_PROFILE": "production"}, "MINGPAI_PROFILE: is 'production', but the command line says"),
        ("production", PRODUCTION | {"REGISTRY_PROFILE": "demo"}, "REGISTRY_PROFILE: a platform has one"),
        ("production", PRODUCTION | {"NOTIFICATIONS_FAILPOINT": "x"}, "NOTIFICATIONS_FAILPOINT: production refuses"),
        (
            "production",
            PRODUCTION | {"MINGPAI_URL": "https://127.0.0.1"},
            "MINGPAI_URL: production refuses this machine",
        ),
    ],
)
def test_a_start_with_settings_that_cannot_work_names_the_variable(
    tmp_path: Path, profile: str, environ: dict[str, str], said: str
) -> None:
    status, error = start(tmp_path, environ, profile=profile)
    assert (status, error.startswith(f"error: {said}")) == (2, True), error
    assert [path.name for path in tmp_path.glob("*.db")] == []


async def test_the_demo_sends_no_mail_elsewhere_whatever_the_variables_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = {"MINGPAI_SMTP_HOST": "mail.example.org", "NOTIFICATIONS_SMTP_PORT": "25", "MINGPAI_LOG_FORMAT": "json"}
    login = {"MINGPAI_SMTP_USERNAME": "u", "MINGPAI_SMTP_STARTTLS": "true", "REVIEW_SMTP_PASSWORD": "p"}
    async with platform_on(f"sqlite:///{tmp_path}/{{service}}.db", tmp_path, raising=True, settings=elsewhere | login):
        pass
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (aside,) = [line["event"] for line in lines if "sets aside" in line["event"]]
    assert aside.endswith(f"sets aside {', '.join(sorted({*elsewhere, *login} - {'MINGPAI_LOG_FORMAT'}))}")
