from common.editions.model import awaited
from registry_service.register.editions.model import Rules
from support.casts.programmes import programme
from support.casts.registering import HONOUR, programme_published


def test_a_learned_edition_is_known_by_its_digest_and_gives_the_same_rules() -> None:
    rules = Rules.learned(programme_published())

    (happened,) = rules.recorded
    assert (happened.action, happened.event) == ("learn", None)
    assert rules.id == programme(HONOUR).digest
    assert rules.programme == programme(HONOUR)


def test_what_waits_for_an_edition_names_its_digest() -> None:
    assert awaited("sha256:1") == "programme:sha256:1"
