import pytest

from applications_service.intake.applicants.model import Applicant
from applications_service.intake.applicants.refusals import DivisionNotYours, PlaceTooWide
from common.codes.refusals import DivisionUnknown
from common.contracts.applications.contacts import Contact, ContactChanged
from support.casts.actors import actor
from support.casts.applying import FIRM, STORED_CONTACT, WHOM
from support.service.alone import START


def _applicant(division: str = "370102") -> Applicant:
    return Applicant(
        id="apl_1",
        org=FIRM["uscc"],
        uscc=FIRM["uscc"],
        name=FIRM["name"],
        kind=FIRM["kind"],
        division=division,
        contact=STORED_CONTACT,
        created_at=START,
    )


OF_COUNTY = actor("applicant", division="370102")
OF_NOWHERE = actor("applicant")


def test_a_registration_is_noted_without_an_event() -> None:
    applicant = _applicant()

    applicant.register(by=OF_COUNTY, at=START)

    (happened,) = applicant.recorded
    assert (happened.action, happened.event, happened.reason) == ("register", None, None)
    assert applicant.reachable_at == Contact.model_validate(STORED_CONTACT)


@pytest.mark.parametrize(("division", "year"), [("371202", 2019), ("370101", 2015), ("379999", 2015)])
def test_a_division_that_does_not_exist_in_the_year_is_refused(division: str, year: int) -> None:
    applicant = _applicant(division)

    with pytest.raises(DivisionUnknown) as refused:
        applicant.register(by=OF_NOWHERE, at=START.replace(year=year))

    assert refused.value.params == {"division": division, "year": year}
    assert applicant.recorded == []


def test_another_contact_is_published_and_the_audit_does_not_name_him() -> None:
    applicant = _applicant()

    applicant.change_contact(WHOM)

    (happened,) = applicant.recorded
    event = ContactChanged(contact_id="apl_1", applicant=str(FIRM["uscc"]), contact=WHOM)
    assert (happened.action, happened.event, happened.reason) == ("change_contact", event, None)
    assert applicant.reachable_at == WHOM


def test_a_division_is_confirmed_by_the_account_that_names_it_and_by_nobody_else_yet() -> None:
    named, unnamed = _applicant(), _applicant()

    named.register(by=OF_COUNTY, at=START)
    unnamed.register(by=OF_NOWHERE, at=START)

    assert named.division_confirmation == {
        "source": "account",
        "agency": None,
        "confirmed_by": OF_COUNTY.sub,
        "confirmed_at": START.isoformat(),
    }
    assert unnamed.division_confirmation is None


@pytest.mark.parametrize("division", ["370103", "370100", "370202"])
def test_an_applicant_is_of_the_division_of_its_account_and_of_no_other(division: str) -> None:
    elsewhere, moving = _applicant(division), _applicant()

    with pytest.raises(DivisionNotYours):
        elsewhere.register(by=OF_COUNTY, at=START)
    with pytest.raises(DivisionNotYours):
        moving.correct_division(division, by=OF_COUNTY, at=START)

    assert (moving.division, moving.recorded, elsewhere.recorded) == ("370102", [], [])


def test_a_corrected_division_has_to_be_confirmed_again() -> None:
    applicant = _applicant()
    applicant.register(by=OF_NOWHERE, at=START)
    applicant.confirm_division({"source": "recommender", "agency": "SD-370102"})

    with pytest.raises(PlaceTooWide):
        applicant.correct_division("370000", by=OF_NOWHERE, at=START)
    applicant.correct_division("370103", by=OF_NOWHERE, at=START)

    assert (applicant.division, applicant.division_confirmation) == ("370103", None)
    assert [one.action for one in applicant.recorded] == ["register", "confirm_division", "correct_division"]
