"""The core path is played once on a data folder, and a play that was cut short is not begun again."""

import json
from pathlib import Path

import httpx
import pytest

from embedded.journey.once import PLAYED, play_once
from embedded.journey.player import Step, StepFailed


class Report:
    """Keeps what is reported."""

    def __init__(self) -> None:
        self.words: list[object] = []

    def step(self, step: Step) -> None:
        self.words.append(step.title)

    def passed(self, steps: int) -> None:
        self.words.append(("passed", steps))

    def skipped(self, steps: int) -> None:
        self.words.append(("skipped", steps))

    def unfinished(self, data: Path) -> None:
        self.words.append(("unfinished", data))


def refusing() -> httpx.AsyncClient:
    answer = httpx.MockTransport(lambda _: httpx.Response(503, json={"code": "database-unavailable"}))
    return httpx.AsyncClient(transport=answer, base_url="http://test")


async def test_a_play_that_was_cut_short_is_reported_and_not_begun_again(tmp_path: Path) -> None:
    report = Report()
    async with refusing() as client:
        with pytest.raises((StepFailed, httpx.HTTPError)):
            await play_once(tmp_path, client, report, wanted=True)
        await play_once(tmp_path, client, report, wanted=True)

    assert report.words == [("unfinished", tmp_path)]


async def test_what_was_played_is_not_played_again(tmp_path: Path) -> None:
    report = Report()
    (tmp_path / PLAYED).write_text(json.dumps({"steps": 122}))
    async with refusing() as client:
        await play_once(tmp_path, client, report, wanted=True)

    assert report.words == [("skipped", 122)]


async def test_what_nobody_wants_is_not_played(tmp_path: Path) -> None:
    report = Report()
    async with refusing() as client:
        await play_once(tmp_path, client, report, wanted=False)

    assert (report.words, (tmp_path / PLAYED).exists()) == ([], False)
