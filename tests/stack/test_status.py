"""`make stack-status` shows what each process says of itself, also that it serves with a paused consumer."""

from collections.abc import Sequence

import httpx
import pytest

from embedded.origin.health import READY, State, not_ready
from stack.commands.status import state_at, state_of_all

PAUSED = {"status": "degraded", "reason": "consumer paused: registry"}


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (httpx.Response(200, json={"status": "ready"}), READY),
        (httpx.Response(200, json=PAUSED), State(serves=True, reason="degraded: consumer paused: registry")),
        (
            httpx.Response(503, json={"reason": "the worker has ended"}),
            not_ready("/readyz answers 503: the worker has ended"),
        ),
        (httpx.Response(502, text="<html>"), not_ready("/readyz answers 502")),
    ],
)
def test_a_process_is_in_the_state_that_it_reports(answer: httpx.Response, state: State) -> None:
    with httpx.Client(transport=httpx.MockTransport(lambda _: answer)) as client:
        assert state_at("http://worker", client) == state


def test_a_process_that_does_not_answer_is_not_ready() -> None:
    def silent(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("planted")

    with httpx.Client(transport=httpx.MockTransport(silent)) as client:
        assert state_at("http://worker", client) == not_ready("/readyz does not answer: ConnectError")


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        (["ready", "runs"], "ready"),
        (["ready", "degraded", "runs"], "degraded"),
        (["degraded", "not ready"], "not ready"),
        (["ready", "gone"], "not ready"),
        ([], "not ready"),
    ],
)
def test_a_stack_is_as_good_as_its_worst_process(states: Sequence[str], whole: str) -> None:
    assert state_of_all(states) == whole
