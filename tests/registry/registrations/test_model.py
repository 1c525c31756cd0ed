import pytest

from common.kernel.errors import Refused
from registry_service.register.registrations.lifecycle import State
from registry_service.register.registrations.model import Registration
from registry_service.register.registrations.refusals import RegistrationDone, RegistrationRefused
from support.casts.actors import actor
from support.casts.registering import case
from support.service.alone import START

REASON = "公告中没有该申报。"


def _registration(state: State = State.WAITING) -> Registration:
    event = case(application_id="app_1").completed
    assert event.registration is not None
    registration = Registration.received(event, event.registration, event_id="evt_1", at=START)
    registration.state = state
    return registration


def test_a_recognition_is_received_whole_and_waits() -> None:
    registration = _registration()

    assert (registration.id, registration.state, registration.application_id) == ("evt_1", State.WAITING, "app_1")
    assert registration.claim["registration"]["document_number"] == "鲁名牌字〔2015〕1号"
    assert [(item.action, item.event) for item in registration.recorded] == [("receive", None)]


def test_it_is_registered_with_its_brand_and_released_without_a_change_of_state() -> None:
    registration = _registration()

    registration.release(reason="已补发受理事件。")
    registration.register("SDMP-2015-00001-B")

    assert (registration.state, registration.brand_number) == (State.REGISTERED, "SDMP-2015-00001-B")
    moves = [(item.action, item.from_state, item.to_state, item.reason) for item in registration.recorded[1:]]
    assert moves == [
        ("release", "waiting", "waiting", "已补发受理事件。"),
        ("register", "waiting", "registered", None),
    ]


def test_a_refusal_keeps_its_reason_and_who_decided() -> None:
    registration = _registration()

    registration.refuse(by=actor("office"), reason=REASON, at=START)

    assert (registration.state, registration.reason, registration.decided_at) == (State.REFUSED, REASON, START)
    assert registration.decided_by == actor("office").sub
    assert registration.recorded[-1].reason == REASON


@pytest.mark.parametrize(
    ("state", "refusal"), [(State.REGISTERED, RegistrationDone), (State.REFUSED, RegistrationRefused)]
)
def test_a_decided_registration_stays_as_it_is(state: State, refusal: type[Refused]) -> None:
    registration = _registration(state)

    with pytest.raises(refusal):
        registration.release(reason=REASON)
    with pytest.raises(refusal):
        registration.refuse(by=actor("office"), reason=REASON, at=START)
    with pytest.raises(refusal):
        registration.register("X")
    assert registration.state is state
