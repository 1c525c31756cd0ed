import base64

import pytest

from common.web.refusals import CursorInvalid
from notifications_service.feed.events.routes import to_cursor, to_position


@pytest.mark.parametrize("position", [0, 1, 17, 2**63 - 1])
def test_a_cursor_reads_back_as_its_position(position: int) -> None:
    assert to_position(to_cursor(position)) == position


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "17",
        encoded("f1:17"),
        encoded("f2:" + "0" * 20),
        encoded("f1:" + "-" + "0" * 19),
        encoded("f1:" + "٣" * 20),
        encoded("f1:" + "9" * 20),
        encoded("f1:0" + str(2**63)),
    ],
)
def test_what_the_feed_did_not_give_is_refused(cursor: str) -> None:
    with pytest.raises(CursorInvalid):
        to_position(cursor)
