from common.contracts.applications.usccs import UsccExceptionAdmitted
from review_service.panel.codes.model import AdmittedCode
from support.service.alone import START


def test_an_admitted_code_is_learned_without_an_event() -> None:
    event = UsccExceptionAdmitted(uscc="91350203M0001QKT19", reason="早期赋码。", agency="SD-BODY", admitted_at=START)

    learned = AdmittedCode.learned(event)

    (happened,) = learned.recorded
    assert (learned.id, happened.action, happened.event) == ("91350203M0001QKT19", "learn", None)
