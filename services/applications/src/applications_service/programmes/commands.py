"""What can be done with a programme."""

from typing import Any

from applications_service.programmes.model import ProgrammeEdition
from applications_service.programmes.storage import newest_edition
from common.programme import Programme
from common.storage.work import Work


async def publish_programme(work: Work, *, definition: dict[str, Any]) -> ProgrammeEdition:
    """Publish a definition as the honour's next edition; raises ProgrammeInvalid with the field to blame."""
    rules = Programme.from_definition(definition)
    edition = ProgrammeEdition(
        id=work.new_id("prg"),
        honour=rules.honour,
        edition=await newest_edition(work, rules.honour) + 1,
        digest=rules.digest,
        name_zh=rules.name.zh,
        name_en=rules.name.en,
        definition=rules.definition,
        published_at=work.now,
    )
    edition.publish()
    return work.add(edition)
