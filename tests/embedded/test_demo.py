import pytest
from pydantic import ValidationError

from common.codes.uscc import is_valid
from common.kernel.actor import Role
from embedded.demo.people import Demo, load_demo


def dump() -> dict[str, object]:
    demo = load_demo().model_dump()
    for client, entry in zip(load_demo().clients, demo["clients"], strict=True):
        entry["secret"] = client.secret.get_secret_value()
        entry["roles"] = [str(role) for role in client.roles]
    return demo


def test_there_is_a_client_for_every_role_and_two_persons_where_two_are_needed() -> None:
    counts = {role: len({c.sub for c in load_demo().clients if role in c.roles}) for role in Role}
    assert counts == {
        Role.APPLICANT: 7,
        Role.RECOMMENDER: 5,
        Role.RECOGNITION_OFFICER: 2,
        Role.EXPERT: 5,
        Role.OBSERVER: 1,
        Role.OFFICE: 2,
        Role.DEPARTMENT: 1,
        Role.PARTNER: 1,
        Role.ADMINISTRATOR: 1,
    }


def test_the_two_officers_and_the_two_of_the_office_each_share_one_organisation() -> None:
    for role in (Role.RECOGNITION_OFFICER, Role.OFFICE):
        assert len({c.org for c in load_demo().clients if role in c.roles}) == 1


def test_every_agency_kind_of_the_core_path_is_there() -> None:
    kinds = {agency.kind for agency in load_demo().agencies}
    assert kinds == {"county", "city", "recognition_body", "leading_group_office", "member_department"}


def test_the_firms_codes_are_valid_and_plainly_fictitious() -> None:
    codes = [org for org in load_demo().organisation_names if not org.startswith("AG-")]
    assert len(codes) == 10
    assert all(is_valid(code) and "FAKE" in code for code in codes)


def test_one_expert_works_for_an_applicant_so_that_a_conflict_exists() -> None:
    firms = {applicant.uscc for applicant in load_demo().applicants}
    assert [expert.client for expert in load_demo().experts if expert.employer in firms] == ["expert-5"]


def test_applicants_act_for_a_firm_of_the_file_in_its_own_division() -> None:
    firms = {applicant.uscc: applicant.division for applicant in load_demo().applicants}
    acting = {c.org: c.division for c in load_demo().clients if Role.APPLICANT in c.roles}
    assert acting == firms


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ({"org": "AG-NOWHERE"}, "unknown organisation AG-NOWHERE"),
        ({"division": "999999"}, "unknown division|string_pattern|999999"),
        ({"id": "applicant-2"}, "id given twice"),
        ({"sub": "person-applicant-2"}, "sub given twice"),
        ({"roles": ["king"]}, "king|enum"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_slip_in_a_client_is_an_error_at_start(slip: dict[str, object], said: str) -> None:
    content = dump()
    clients = content["clients"]
    assert isinstance(clients, list)
    clients[0] |= slip
    with pytest.raises(ValidationError, match=said):
        Demo.model_validate(content)


def test_a_code_with_a_wrong_check_character_is_an_error_at_start() -> None:
    content = dump()
    applicants = content["applicants"]
    assert isinstance(applicants, list)
    applicants[0]["uscc"] = "91370102FAKE00013A"
    with pytest.raises(ValidationError, match="credit code"):
        Demo.model_validate(content)


def test_an_agency_before_its_parent_is_an_error_at_start() -> None:
    content = dump()
    agencies = content["agencies"]
    assert isinstance(agencies, list)
    agencies.reverse()
    with pytest.raises(ValidationError, match="its parent must come before it in the file"):
        Demo.model_validate(content)
