"""The core path is played once on new data; a play that was cut short is not repeated: its commands are known."""

import json
from pathlib import Path
from typing import Final, Protocol

import httpx

from common.files.atomic import write_durably
from embedded.demo.people import load_demo
from embedded.journey.core_path import play
from embedded.journey.player import Player, Step

PLAYED: Final = "journey.json"
"""The file of a data folder that says how many steps were played; none while the play has not ended."""


class Listener(Protocol):
    """Reports what is played."""

    def step(self, step: Step) -> None:
        """Report one step."""

    def passed(self, steps: int) -> None:
        """Report that every step succeeded."""

    def skipped(self, steps: int) -> None:
        """Report that it was played before."""

    def unfinished(self, data: Path) -> None:
        """Report that it was begun before and did not end."""


async def play_once(data: Path, client: httpx.AsyncClient, listener: Listener, *, wanted: bool) -> None:
    """Play the core path on new data if it is wanted, or report what became of it before. Raises StepFailed."""
    played = data / PLAYED
    if played.exists():
        steps = json.loads(played.read_bytes())["steps"]
        listener.unfinished(data) if steps is None else listener.skipped(steps)
    elif wanted:
        write_durably(played, json.dumps({"steps": None}).encode())
        player = Player(client, load_demo(), story="core-path", report=listener.step)
        await play(player)
        write_durably(played, json.dumps({"steps": len(player.steps)}).encode())
        listener.passed(len(player.steps))
