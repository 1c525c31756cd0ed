import pytest

from common.editions.model import round_awaited
from review_service.cases.rounds.model import Round, Rules
from support.casts.reviewing import definition, opened, published


def test_a_round_keeps_which_edition_it_is_pinned_to() -> None:
    rules = definition()

    round_ = Round.learned(opened(rules))

    assert (round_.id, round_.honour, round_.year) == ("rnd_2015", "SERVICE_BRAND", 2015)
    assert round_.programme_digest == published(rules).digest
    assert [item.action for item in round_.recorded] == ["learn"]
    assert [item.event for item in round_.recorded] == [None]


def test_learned_rules_are_the_published_programme() -> None:
    rules = definition(quota=7)

    learned = Rules.learned(published(rules))

    assert learned.id == published(rules).digest
    assert learned.programme.quota.total == 7
    assert learned.programme.digest == learned.id


@pytest.mark.parametrize("round_id", ["rnd_1", "rnd_2"])
def test_a_case_waits_for_one_round_by_name(round_id: str) -> None:
    assert round_awaited(round_id) == f"round:{round_id}"
