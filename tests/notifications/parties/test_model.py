from common.contracts.review.reviews import Outcome
from notifications_service.letters.parties.model import Parties
from support.casts.casenews import CITY, COUNTY, FIRM, submitted


def test_everyone_is_the_applicant_and_each_recommender_once() -> None:
    parties = Parties.of(submitted())
    before = (parties.everyone, parties.named)

    parties.join((COUNTY, CITY, COUNTY, FIRM))

    assert before == ([FIRM], None)
    assert (parties.everyone, parties.named) == ([FIRM, COUNTY, CITY], (COUNTY, CITY, COUNTY, FIRM))


def test_a_brand_is_bound_to_its_case() -> None:
    parties = Parties.of(submitted())

    parties.conclude(Outcome.RECOGNISED)
    parties.bind("brd_1")

    assert (parties.outcome, parties.brand_id) == (Outcome.RECOGNISED, "brd_1")
    assert [item.action for item in parties.recorded] == ["learn", "conclude", "bind"]
