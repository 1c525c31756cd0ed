"""The log, its topics and their readers have room for the largest event with its envelope."""

from typing import Final

import yaml

from common.contracts.asyncapi import example_headers
from common.contracts.catalogue import EVENTS, example
from common.kernel.values.sizes import LARGEST
from common.messaging.bus import Outgoing
from common.messaging.kafka.wire import to_wire
from common.messaging.topics import BATCH_BYTES, MESSAGE_BYTES
from stack.servers.kafka.topics import DECLARATION

OF_FORMAT: Final = 1024
"""More than Kafka adds to a batch and to a record."""


def test_a_batch_has_room_for_the_largest_event_and_a_message_for_a_batch() -> None:
    event = max((example(one) for one in EVENTS.values()), key=lambda one: len(str(example_headers(one))))
    headers = {name: value * 4 for name, value in example_headers(event).items()}
    row = Outgoing("t", "k" * 255, "i", "t", headers, b"x" * LARGEST)
    wire = to_wire(row)
    record = len(wire.key) + len(wire.value) + sum(len(name) + len(value) for name, value in wire.headers)
    assert record + OF_FORMAT < BATCH_BYTES
    assert BATCH_BYTES + OF_FORMAT < MESSAGE_BYTES


def test_the_topics_are_declared_with_that_room() -> None:
    declared = yaml.safe_load(DECLARATION.read_text(encoding="utf-8"))
    assert declared["config"]["max.message.bytes"] == str(MESSAGE_BYTES)
