from notifications_service.parties.model import Parties
from support.casenews import CITY, COUNTY, FIRM, accepted


def test_everyone_is_the_applicant_and_each_recommender_once() -> None:
    event = accepted().model_copy(update={"recommenders": (COUNTY, CITY, COUNTY, FIRM)})

    assert Parties.of(event).everyone == [FIRM, COUNTY, CITY]


def test_a_brand_is_bound_to_its_case() -> None:
    parties = Parties.of(accepted())

    parties.bind("brd_1")

    assert parties.brand_id == "brd_1"
    assert [item.action for item in parties.recorded] == ["learn", "bind"]
