import pytest

from applications_service.intake.applications.chain import desk_of, is_on_desk_of, stages_ahead
from applications_service.intake.applications.lifecycle import LIFECYCLE
from applications_service.intake.applications.refusals import NotYourLevel
from common.contracts.applications.applications import ChainStage
from common.kernel.actor import Actor, Role
from support.casts.applying import new_application

COUNTY, CITY, BODY = ChainStage.COUNTY, ChainStage.CITY, ChainStage.RECOGNITION_BODY
BOTH = ("county", "city")
AT_COUNTY, AT_CITY, AT_BODY = "recommender:370102", "recommender:370100", "recognition_officer"


def _actor(*roles: Role, division: str | None = None) -> Actor:
    return Actor(sub="person", org="ORG", roles=frozenset(roles), division=division)


@pytest.mark.parametrize(
    ("levels", "division", "done", "ahead"),
    [
        (BOTH, "370102", (), (COUNTY, CITY, BODY)),
        (BOTH, "370102", ("county",), (CITY, BODY)),
        (BOTH, "370102", ("county", "city"), (BODY,)),
        (BOTH, "370100", (), (CITY, BODY)),
        (BOTH, "370000", (), (BODY,)),
        (("county",), "370102", (), (COUNTY, BODY)),
        ((), "370102", (), (BODY,)),
    ],
)
def test_the_stages_ahead_are_those_at_or_above_the_applicants_division(
    levels: tuple[str, ...], division: str, done: tuple[str, ...], ahead: tuple[ChainStage, ...]
) -> None:
    assert stages_ahead(levels, division=division, done=done) == ahead


@pytest.mark.parametrize(
    ("stage", "division", "desk"),
    [
        (COUNTY, "370102", AT_COUNTY),
        (CITY, "370102", AT_CITY),
        (CITY, "370100", AT_CITY),
        (BODY, "370102", AT_BODY),
    ],
)
def test_each_stage_has_its_desk(stage: ChainStage, division: str, desk: str) -> None:
    assert desk_of(stage, division=division) == desk


WITHHELD = ["recommend", "return"]


@pytest.mark.parametrize(
    ("roles", "division", "desk", "not_allowed"),
    [
        ({Role.RECOMMENDER}, "370102", AT_COUNTY, []),
        ({Role.RECOMMENDER}, "370102", AT_CITY, WITHHELD),
        ({Role.RECOMMENDER}, "370103", AT_COUNTY, WITHHELD),
        ({Role.RECOMMENDER}, "370000", AT_BODY, WITHHELD),
        ({Role.RECOMMENDER}, None, AT_BODY, WITHHELD),
        ({Role.RECOMMENDER}, "370102", None, WITHHELD),
        ({Role.RECOGNITION_OFFICER}, "370000", AT_COUNTY, ["recommend"]),
        ({Role.RECOGNITION_OFFICER}, "370000", AT_BODY, ["recommend"]),
        ({Role.RECOMMENDER, Role.RECOGNITION_OFFICER}, "370102", AT_COUNTY, []),
        ({Role.RECOMMENDER, Role.RECOGNITION_OFFICER}, "370102", AT_BODY, ["recommend"]),
    ],
)
def test_a_recommender_decides_on_his_own_desk_and_the_recognition_body_returns_from_every_desk(
    roles: set[Role], division: str | None, desk: str | None, not_allowed: list[str]
) -> None:
    actor = _actor(*roles, division=division)
    application = new_application("submitted", waits_for=desk)

    for action in WITHHELD:
        if action in not_allowed:
            with pytest.raises(NotYourLevel):
                LIFECYCLE.check(application, action, actor)
        else:
            LIFECYCLE.check(application, action, actor)
    assert [one for one in WITHHELD if one not in LIFECYCLE.offered(application, actor)] == not_allowed
    assert is_on_desk_of(actor, desk) == ("recommend" not in not_allowed)
