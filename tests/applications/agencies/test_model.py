import pytest

from applications_service.rules.agencies.model import Agency, AgencyKind
from common.codes.refusals import DivisionUnknown
from support.service.alone import START


def test_an_agency_is_entered_under_its_code_without_an_event() -> None:
    agency = Agency(
        id="SD-370102",
        kind=AgencyKind.COUNTY,
        name="历下区市场监督管理局",
        division="370102",
        parent="SD-370100",
        created_at=START,
    )

    agency.enter()

    assert [(one.action, one.event, one.to_state) for one in agency.recorded] == [("enter", None, None)]


def test_an_agency_is_of_a_division_that_exists() -> None:
    agency = Agency(id="X", kind=AgencyKind.COUNTY, name="虚构局", division="379999", parent=None, created_at=START)

    with pytest.raises(DivisionUnknown):
        agency.enter()

    assert agency.recorded == []
