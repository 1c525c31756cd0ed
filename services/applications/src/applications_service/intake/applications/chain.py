"""The recommendation chain (推荐): county, city, then the recognition body.

A stage of the chain is not a level of a division: the recognition body is a stage, and no recommender acts for it.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from common.codes.divisions import Level, at_level, reaches
from common.contracts.applications.applications import ChainStage, EscalatedTo
from common.kernel.actor import Actor, Role
from common.kernel.worklist import waits_for
from common.programme.definition.intake import ClockName

CLOCKS: Final[Mapping[ChainStage, ClockName]] = {
    ChainStage.COUNTY: "county_recommendation",
    ChainStage.CITY: "city_recommendation",
    ChainStage.RECOGNITION_BODY: "formal_check",
}
"""The programme's clock of each stage."""
_LEVELS: Final = {ChainStage.COUNTY: Level.COUNTY, ChainStage.CITY: Level.CITY}


def stages_ahead(levels: Iterable[str], *, division: str, done: Collection[str]) -> tuple[ChainStage, ...]:
    """Return the remaining stages in order: first the current one, last the recognition body.

    `levels` is the programme's chain. Levels below the applicant's division are skipped: no county contains a city.
    """
    stages = [ChainStage(each) for each in levels if each not in done]
    return (*(each for each in stages if reaches(division, _LEVELS[each])), ChainStage.RECOGNITION_BODY)


def above(desk: str | None, *, division: str, ahead: Collection[ChainStage]) -> EscalatedTo:
    """Return who acts when nobody at this desk does: the city if it is ahead in the chain, else the office.

    Above the city, which may act in the county's place already, is the office.
    """
    at_city = desk == desk_of(ChainStage.CITY, division=division)
    return EscalatedTo.CITY if ChainStage.CITY in ahead and not at_city else EscalatedTo.OFFICE


def desk_above(who: EscalatedTo, *, division: str) -> str:
    """Return the worklist of the one who acts in the place of a silent recommender."""
    return waits_for(Role.OFFICE) if who is EscalatedTo.OFFICE else desk_of(ChainStage.CITY, division=division)


def desk_of(stage: ChainStage, *, division: str) -> str:
    """Return the worklist on which an application from this division waits at a stage."""
    if stage is ChainStage.RECOGNITION_BODY:
        return waits_for(Role.RECOGNITION_OFFICER)
    return waits_for(Role.RECOMMENDER, at_level(division, _LEVELS[stage]))


def is_on_desk_of(actor: Actor, desk: str | None) -> bool:
    """Return whether this actor must decide about the recommendation of applications on this desk."""
    recommends = actor.has(Role.RECOMMENDER) and desk == waits_for(Role.RECOMMENDER, actor.division)
    return recommends or (actor.has(Role.OFFICE) and desk == waits_for(Role.OFFICE))
