"""ETags are versions: read, compared, demanded."""

import re

import pytest
from starlette.requests import Request

from common.web.answers.etag import etag, matches, required_version
from common.web.refusals import IfMatchUnreadable, PreconditionRequired


def request(method: str = "GET", **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": method, "headers": raw})


def test_a_tag_is_the_quoted_version() -> None:
    assert etag(7) == '"7"'


def test_a_tag_of_an_answer_differs_for_each_body_of_a_version() -> None:
    assert re.fullmatch(r'"7-[0-9a-f]{16}"', etag(7, b"one"))
    assert etag(7, b"one") != etag(7, b"two")


@pytest.mark.parametrize(
    ("header", "expected"),
    [('"7"', True), ('W/"7"', True), ('"6", "7"', True), ("*", True), ('"6"', False), ("7", False), ("", False)],
)
def test_if_none_match_is_compared_weakly(header: str, *, expected: bool) -> None:
    assert matches(request(if_none_match=header), '"7"') is expected


def test_no_if_none_match_matches_nothing() -> None:
    assert matches(request(), '"7"') is False


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_a_change_without_if_match_is_refused(method: str) -> None:
    with pytest.raises(PreconditionRequired):
        await required_version(request(method))


async def test_a_post_may_leave_it_out() -> None:
    assert await required_version(request("POST")) is None


async def test_a_strong_tag_is_its_version() -> None:
    assert await required_version(request("POST"), '"12"') == 12
    assert await required_version(request("PUT"), etag(12, b"one")) == 12


@pytest.mark.parametrize("header", ['W/"7"', "*", "7", '"x"', '"07"', '"1", "2"', "", '"' + "9" * 17 + '"', '"-1"'])
async def test_any_other_tag_is_refused(header: str) -> None:
    with pytest.raises(IfMatchUnreadable):
        await required_version(request("PUT"), header)
