from applications_service.applicants.model import Applicant
from common.contracts.applications import Contact
from support.applying import CONTACT, FIRM, WHOM
from support.service import START


def _applicant() -> Applicant:
    return Applicant(id="apl_1", **FIRM, contact=CONTACT, created_at=START)


def test_a_registration_is_noted_without_an_event() -> None:
    applicant = _applicant()

    applicant.register()

    (happened,) = applicant.recorded
    assert (happened.action, happened.event, happened.reason) == ("register", None, None)
    assert applicant.reachable_at == Contact(**CONTACT)


def test_another_contact_is_noted_without_naming_him() -> None:
    applicant = _applicant()

    applicant.change_contact(WHOM)

    (happened,) = applicant.recorded
    assert (happened.action, happened.event, happened.reason) == ("change_contact", None, None)
    assert applicant.reachable_at == WHOM
