import pytest

from applications_service.rules.programmes.lifecycle import State
from applications_service.rules.programmes.refusals import PublishedByAnotherPerson
from common.contracts.applications.programmes import Names, ProgrammePublished
from support.casts.actors import actor
from support.casts.applying import HONOUR, RULES, new_edition
from support.service.alone import START

FIRST, SECOND = actor("office", sub="person-1"), actor("office", sub="person-2")


def test_a_published_edition_carries_the_whole_definition_under_its_digest() -> None:
    edition = new_edition()
    edition.propose()
    with pytest.raises(PublishedByAnotherPerson):
        edition.publish(edition=1, by=FIRST, at=START)
    with pytest.raises(ValueError, match="no number"):
        _ = edition.number

    edition.publish(edition=1, by=SECOND, at=START)

    proposed, happened = edition.recorded
    assert (proposed.action, proposed.from_state, proposed.to_state, proposed.event) == (
        "propose", None, "proposed", None,
    )  # fmt: skip
    assert (edition.state, edition.number, edition.published_at) == (State.PUBLISHED, 1, START)
    assert (happened.action, happened.from_state, happened.to_state) == ("publish", "proposed", "published")
    assert happened.event == ProgrammePublished(
        programme_id="prg_1",
        honour=HONOUR,
        edition=1,
        digest=RULES.digest,
        names=Names(zh="山东名牌产品", en="Shandong Famous Product"),
        definition=RULES.definition,
    )
