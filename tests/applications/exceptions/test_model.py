import pytest

from applications_service.intake.exceptions.model import AdmittedCode
from applications_service.intake.exceptions.refusals import UsccNeedsNoException
from common.contracts.applications.usccs import UsccExceptionAdmitted
from support.casts.applying import USCC
from support.service.alone import START


def _admitted(code: str) -> AdmittedCode:
    return AdmittedCode(id=code, reason="早期赋码。", agency="SD-BODY", admitted_by="officer-1", admitted_at=START)


def test_an_admission_is_published_with_its_reason_and_without_the_person() -> None:
    admitted = _admitted("91350203M0001QKT19")

    admitted.admit()

    (happened,) = admitted.recorded
    assert happened.event == UsccExceptionAdmitted(
        uscc="91350203M0001QKT19", reason="早期赋码。", agency="SD-BODY", admitted_at=START
    )
    assert admitted.mark == {"reason": "早期赋码。", "agency": "SD-BODY", "admitted_at": START.isoformat()}


def test_a_code_that_is_right_needs_no_admission() -> None:
    right = _admitted(USCC)

    with pytest.raises(UsccNeedsNoException):
        right.admit()

    assert right.recorded == []
