from datetime import timedelta

import pytest

from common.contracts.notifications import MessageDelivered, MessageFailed
from common.errors import Refused
from notifications_service.messages.lifecycle import LIFECYCLE, State
from notifications_service.messages.mailing import written
from notifications_service.messages.model import Message
from support.service import START


def message(state: State = State.QUEUED, *, attempts: int = 0) -> Message:
    one = Message(
        id="msg_1",
        event_id="evt-1",
        event_type="BrandRevoked",
        org="ORG",
        email="to@x.test",
        subject="主题",
        body="正文\n",
        state=state,
        created_at=START,
        due_at=START,
        attempts=attempts,
        lease="mine" if state is State.SENDING else None,
    )
    one.recorded.clear()
    return one


def test_the_message_id_is_the_same_at_every_try() -> None:
    one = message()
    before = written(one, sender="from@x.test")["Message-ID"]

    one.claim("mine", at=START)
    one.fail("mine", reason="smtp-451", final=False, at=START)

    assert written(one, sender="from@x.test")["Message-ID"] == before == "<msg_1@notifications.mingpai>"


def test_a_claim_is_a_lease_of_a_minute() -> None:
    one = message()

    one.claim("mine", at=START)

    assert (one.state, one.lease, one.attempts) == (State.SENDING, "mine", 1)
    assert one.due_at == START + timedelta(seconds=60)


def test_ten_senders_that_died_over_a_mail_are_enough() -> None:
    one = message(State.SENDING, attempts=25)

    one.claim("another", at=START)

    assert (one.state, one.reason, one.lease) == (State.UNDELIVERABLE, "senders-died", None)
    (recorded,) = one.recorded
    assert isinstance(recorded.event, MessageFailed)


def test_delivery_is_told_under_the_mails_message_id() -> None:
    one = message(State.SENDING, attempts=1)

    one.deliver("mine", at=START)

    assert (one.state, one.delivered_at, one.lease) == (State.DELIVERED, START, None)
    assert [item.event for item in one.recorded] == [
        MessageDelivered(message_id="msg_1", event_id="evt-1", org="ORG", message_key="<msg_1@notifications.mingpai>")
    ]


def test_an_outdated_lease_records_nothing() -> None:
    one = message(State.SENDING, attempts=1)

    one.deliver("old", at=START)
    one.fail("old", reason="smtp-550", final=True, at=START)

    assert (one.state, one.lease, one.recorded) == (State.SENDING, "mine", [])


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 4), (2, 8), (5, 64), (9, 1024), (20, 21_600)])
def test_each_failure_doubles_the_pause(attempts: int, seconds: int) -> None:
    one = message(State.SENDING, attempts=attempts)

    one.fail("mine", reason="smtp-451", final=False, at=START)

    assert (one.state, one.due_at, one.reason) == (State.QUEUED, START + timedelta(seconds=seconds), "smtp-451")
    assert [item.event for item in one.recorded] == [None]


@pytest.mark.parametrize(("attempts", "final"), [(1, True), (25, False)])
def test_it_ends_undeliverable_at_a_final_failure_or_the_last_try(*, attempts: int, final: bool) -> None:
    one = message(State.SENDING, attempts=attempts)

    one.fail("mine", reason="smtp-550", final=final, at=START)

    assert one.state is State.UNDELIVERABLE
    (event,) = [item.event for item in one.recorded]
    assert isinstance(event, MessageFailed)
    assert (event.reason, event.message_key) == ("smtp-550", "<msg_1@notifications.mingpai>")


def test_what_may_follow_each_state() -> None:
    assert {state: LIFECYCLE.allowed(state) for state in State} == {
        State.AWAITING_CONTACT: ("address", "give_up"),
        State.QUEUED: ("claim",),
        State.SENDING: ("claim", "deliver", "retry", "give_up"),
        State.DELIVERED: (),
        State.UNDELIVERABLE: ("redeliver",),
    }


def test_a_message_that_was_given_up_is_queued_anew_under_its_message_id() -> None:
    one = message(State.SENDING, attempts=25)
    one.fail("mine", reason="smtp-550", final=True, at=START)
    one.recorded.clear()
    before = one.mail_id

    one.redeliver("new@x.test", at=START + timedelta(days=1))

    assert (one.state, one.attempts, one.reason, one.mail_id) == (State.QUEUED, 0, None, before)
    assert (one.email, one.due_at) == ("new@x.test", START + timedelta(days=1))
    assert [item.event for item in one.recorded] == [None]


@pytest.mark.parametrize(
    ("state", "code"), [(State.DELIVERED, "message-ended"), (State.UNDELIVERABLE, "action-not-allowed")]
)
def test_a_message_at_rest_is_not_sent_by_itself(state: State, code: str) -> None:
    with pytest.raises(Refused) as refused:
        message(state).claim("mine", at=START)

    assert refused.value.code == code


def test_a_mail_server_may_be_away_for_three_days() -> None:
    one, at = message(), START
    while one.state is State.QUEUED:
        one.claim("mine", at=at)
        one.fail("mine", reason="mail-server-unreachable", final=False, at=at)
        last, at = at, one.due_at

    assert timedelta(days=3) <= last - START <= timedelta(days=3, hours=6)
