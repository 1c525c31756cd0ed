"""A decimal has one spelling, so that two readers never read two numbers."""

from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from common.kernel.values.numbers import Points

POINTS: TypeAdapter[Decimal] = TypeAdapter(Points)


@pytest.mark.parametrize(
    "value",
    [
        "1_0", "１０", "٣", " 1 ", "1 ", "\t1", "1\n", "-0", "-1", "+1", "01", "1.", ".5", "1e2", "-0e-999999999",
        "0e999999999", "NaN", "Infinity", "",
        "1,5", "1.23456", "1234567890", "0x1", "½", "1\u200b", 1, 1.5, True, None, Decimal(1),
    ],
)  # fmt: skip
def test_points_are_read_from_digits_and_a_point_only(value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        POINTS.validate_python(value)
    assert [error["type"] for error in refused.value.errors()] == ["points_not_a_decimal_string"]


@pytest.mark.parametrize("text", ["0", "0.0", "1", "85.50", "999999999.9999", "0.0001"])
def test_points_at_the_limits_are_exact(text: str) -> None:
    points = POINTS.validate_python(text)
    assert (str(points), POINTS.dump_json(points)) == (text, f'"{text}"'.encode())
