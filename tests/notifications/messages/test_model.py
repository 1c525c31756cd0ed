from datetime import timedelta

import pytest

from common.contracts.notifications.messages import MessageDelivered, MessageFailed
from common.kernel.errors import Refused
from notifications_service.letters.messages.lifecycle import LIFECYCLE, State
from notifications_service.letters.messages.model import Message
from notifications_service.letters.messages.outcomes import Fault, Outcome, Stage
from support.service.alone import START

UNKNOWN = Outcome(fault=Fault.RECIPIENT, reason="recipient-refused-5.1.1", stage=Stage.RCPT)
BUSY = Outcome(fault=Fault.LATER, reason="recipient-later-450", stage=Stage.RCPT)


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
    before = one.mail_id

    one.claim("mine", at=START)
    one.fail("mine", outcome=BUSY, at=START)

    assert one.mail_id == before == "<msg_1@notifications.mingpai>"


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


def test_delivery_is_published_under_the_mails_message_id() -> None:
    one = message(State.SENDING, attempts=2)
    one.reason = "recipient-later-450"

    one.deliver("mine", at=START)

    assert (one.state, one.delivered_at, one.lease) == (State.DELIVERED, START, None)
    assert [one.reason] == [None]
    assert [item.event for item in one.recorded] == [
        MessageDelivered(message_id="msg_1", event_id="evt-1", org="ORG", message_key="<msg_1@notifications.mingpai>")
    ]


def test_an_outdated_lease_records_nothing() -> None:
    one = message(State.SENDING, attempts=1)

    one.deliver("old", at=START)
    one.fail("old", outcome=UNKNOWN, at=START)

    assert (one.state, one.lease, one.recorded) == (State.SENDING, "mine", [])


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 4), (2, 8), (5, 64), (9, 1024), (20, 21_600)])
def test_each_failure_doubles_the_pause(attempts: int, seconds: int) -> None:
    one = message(State.SENDING, attempts=attempts)

    one.fail("mine", outcome=BUSY, at=START)

    assert (one.state, one.due_at, one.reason) == (State.QUEUED, START + timedelta(seconds=seconds), BUSY.reason)
    assert [item.event for item in one.recorded] == [None]


@pytest.mark.parametrize(("attempts", "outcome"), [(1, UNKNOWN), (25, BUSY)])
def test_it_ends_undeliverable_at_a_final_failure_or_the_last_try(attempts: int, outcome: Outcome) -> None:
    one = message(State.SENDING, attempts=attempts)

    one.fail("mine", outcome=outcome, at=START)

    assert one.state is State.UNDELIVERABLE
    (event,) = [item.event for item in one.recorded]
    assert isinstance(event, MessageFailed)
    assert (event.reason, event.message_key) == (outcome.reason, "<msg_1@notifications.mingpai>")


@pytest.mark.parametrize(("stage", "waited", "pause"), [
    (Stage.CONNECT, 3600, 0), (Stage.MAIL_FROM, 3600, 0),
    (Stage.RCPT, 0, 10), (Stage.RCPT, 200, 200), (Stage.END_OF_DATA, 11, 11), (Stage.END_OF_DATA, 3600, 15 * 60),
])  # fmt: skip
def test_what_the_mail_server_refuses_us_is_never_charged_to_the_recipient(
    stage: Stage, waited: int, pause: int
) -> None:
    one, now = message(), START + timedelta(seconds=waited)
    refusal = Outcome(fault=Fault.MAIL_SERVER, reason=f"mail-server-{stage}-x", stage=stage)

    for _ in range(100):
        one.claim("mine", at=now)
        one.fail("mine", outcome=refusal, at=now)

    assert (one.state, one.attempts, one.reason) == (State.QUEUED, 0, refusal.reason)
    assert one.due_at == now + timedelta(seconds=pause)
    assert {item.event for item in one.recorded} == {None}


def test_what_may_follow_each_state() -> None:
    assert {state: LIFECYCLE.allowed(state) for state in State} == {
        State.AWAITING_CONTACT: ("address", "give_up"),
        State.QUEUED: ("claim",),
        State.SENDING: ("claim", "deliver", "retry", "give_up"),
        State.DELIVERED: (),
        State.UNDELIVERABLE: ("redeliver",),
    }


def test_a_message_that_was_given_up_is_queued_again_under_its_message_id() -> None:
    one = message(State.SENDING, attempts=25)
    one.fail("mine", outcome=UNKNOWN, at=START)
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


def test_a_recipients_mailbox_may_be_busy_for_three_days() -> None:
    one, at = message(), START
    while one.state is State.QUEUED:
        one.claim("mine", at=at)
        one.fail("mine", outcome=BUSY, at=at)
        last, at = at, one.due_at

    assert timedelta(days=3) <= last - START <= timedelta(days=3, hours=6)
