"""One random round from its seed to its end: set up, played by everybody, ended by the offices, judged."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from support.rounds import judging
from support.rounds.offices import DeadEnd, Offices
from support.rounds.people import People
from support.rounds.player import Player
from support.rounds.stage import PlatformFailed, Seen, Stage, definition
from support.rounds.together import Houses

ACTS: Final = 14
"""How many acts everybody together makes for each case, before the applicants and the chosen fall silent."""
SILENT: Final = 5
LAST: Final = 40
"""How many of the last requests a fault is shown with."""


@dataclass(frozen=True, slots=True)
class Played:
    """A round that was played: what was wrong, and the stage as it was left."""

    seed: int
    faults: list[str]
    stage: Stage

    def report(self) -> str:
        """Return the faults with the end of the story; the seed plays it again."""
        return "\n".join([f"SEED={self.seed}", *self.faults, *self.stage.story[-LAST:]])


ERAS: Final[tuple[tuple[float, ...], ...]] = ((1,), (0.5, 0.5), (0.4, 0.2, 0.4), (0.3, 0.0, 0.7))
"""How the acts are shared out over intake, review and decision: what is left of an era is done as it should be."""
BEGINNINGS: Final[tuple[Callable[[Seen], bool], ...]] = (
    lambda seen: any(one["state"] == "concluded" for one in seen["rounds"]),
    lambda seen: bool(seen["rankings"]),
)
"""When the review and the decision have begun."""


async def _played_by_everybody(stage: Stage, *, cases: int) -> None:
    """Play the part in which nobody is silent."""
    player = Player(stage, cases=cases)
    acts = stage.drawn.randint(ACTS // 2, ACTS * 3 // 2) * cases
    first, *later = stage.drawn.choice(ERAS)
    await player.play(acts=int(first * acts))
    for begun, share in zip(BEGINNINGS, later, strict=False):
        await Offices(stage, frozenset()).finish(begun)
        await player.play(acts=int(share * acts))


async def play(houses: Houses, *, seed: int, cases: int) -> Played:
    """Play the round of a seed with so many cases."""
    drawn = random.Random(seed)  # noqa: S311 -- the same in every run
    async with houses.empty() as together:
        stage = Stage(together, People(firms=max(2, cases * 3 // 4)), drawn, definition(drawn))
        try:
            await stage.begin()
            await _played_by_everybody(stage, cases=cases)
            silent = stage.people.silent(drawn, chosen=SILENT)
            stage.story.append(f"silent: {', '.join(sorted(silent))}")
            await Offices(stage, silent).finish()
            faults = await judging.broken(stage)
        except (DeadEnd, PlatformFailed) as fault:
            faults = [f"{type(fault).__name__}: {fault}"]
        return Played(seed, faults, stage)
