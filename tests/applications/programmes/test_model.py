from applications_service.programmes.lifecycle import State
from common.contracts.applications import Names, ProgrammePublished
from support.applying import HONOUR, RULES, new_edition


def test_a_published_edition_tells_the_whole_definition_under_its_digest() -> None:
    edition = new_edition()

    edition.publish()

    (happened,) = edition.recorded
    assert edition.state is State.PUBLISHED
    assert (happened.action, happened.from_state, happened.to_state) == ("publish", None, "published")
    assert happened.event == ProgrammePublished(
        programme_id="prg_1",
        honour=HONOUR,
        edition=1,
        digest=RULES.digest,
        names=Names(zh="山东名牌产品", en="Shandong Famous Product"),
        definition=RULES.definition,
    )
