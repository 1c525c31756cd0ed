"""The commands on a programme: an edition is proposed by the office and published by another person."""

from typing import Any

from applications_service.rules.programmes.model import ProgrammeEdition
from applications_service.rules.programmes.refusals import NumberPatternTaken
from applications_service.rules.programmes.storage import editions, honour_numbered_by
from common.programme import Programme
from common.storage.work import Work


async def propose_programme(work: Work, *, definition: dict[str, Any]) -> ProgrammeEdition:
    """Propose a definition as an edition of its honour.

    Raises ProgrammeInvalid, which names the wrong field, and NumberPatternTaken.
    """
    rules = Programme.from_definition(definition)
    await _first_with_numbers(work, rules)
    edition = ProgrammeEdition(
        id=work.new_id(ProgrammeEdition),
        honour=rules.honour,
        digest=rules.digest,
        name_zh=rules.name.zh,
        name_en=rules.name.en,
        definition=rules.definition,
        proposed_at=work.now,
        proposed_by=work.actor.sub,
    )
    edition.propose()
    return work.add(edition)


async def publish_programme(work: Work, programme_id: str, *, version: int | None) -> ProgrammeEdition:
    """Publish a proposed definition as the honour's next edition.

    Raises PublishedByAnotherPerson, and NumberPatternTaken.
    """
    edition = await work.get(editions, programme_id, version=version)
    number = await work.next_number(f"edition:{edition.honour}")  # first: editions of one honour are published in turn
    if await _first_with_numbers(work, edition.rules):
        edition.first_numbered_by = edition.rules.title.number_pattern
    edition.publish(edition=number, by=work.actor, at=work.now)
    return edition


async def _first_with_numbers(work: Work, rules: Programme) -> bool:
    """Return whether no published edition numbers its brands as these rules do. Raises NumberPatternTaken."""
    pattern = rules.title.number_pattern
    honour = await honour_numbered_by(work, pattern)
    if honour not in {None, rules.honour}:
        raise NumberPatternTaken(pattern=pattern, honour=honour)
    return honour is None
