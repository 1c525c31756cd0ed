"""How many values a JSON text may have, whatever they are, and that counting them is cheap."""

import time

import pytest

from common.web.input.strict import MAX_VALUES, count_values, parse_json
from common.web.refusals import JsonTooManyValues


@pytest.mark.parametrize(
    ("part", "each"),
    [(b"{}", 1), (b"[]", 1), (b"[ ]", 1), (b"1", 1), (b"null", 1), (b'"a,[{"', 1), (b'"\\",\\\\"', 1), (b'{"a":1}', 2)],
)
def test_a_body_has_a_largest_number_of_values_of_any_kind(part: bytes, each: int) -> None:
    count = (MAX_VALUES - 1) // each
    fits = b"[" + b",".join([part] * count) + b"]"
    assert len(parse_json(fits)) == count  # type: ignore[arg-type]  # a list
    with pytest.raises(JsonTooManyValues):
        parse_json(b"[" + b",".join([part] * (count + 1)) + b"]")


def test_values_are_counted_in_linear_time_whatever_the_text() -> None:
    began = time.process_time()
    for body in (b'"' + b'\\"' * 500_000, b'"' * 1_000_000 + b"," * 30_000, b"[" * 1_000_000):
        count_values(body + b"," * MAX_VALUES)
    assert time.process_time() - began < 5
