"""Divisions by code: those that the standard has or had."""

import pytest
from pydantic import TypeAdapter, ValidationError

from common.codes.divisions import DivisionCode, exists

ADAPTER: TypeAdapter[str] = TypeAdapter(DivisionCode)


@pytest.mark.parametrize("code", ["370000", "370100", "370102", "110105", "419001", "370117", "110103"])
def test_a_division_of_the_standard_exists_also_when_it_was_given_up(code: str) -> None:
    assert exists(code)
    assert ADAPTER.validate_python(code) == code


@pytest.mark.parametrize("code", ["999999", "370199", "378558", "100000", "990000"])
def test_a_code_that_nobody_has_is_refused(code: str) -> None:
    assert not exists(code)
    with pytest.raises(ValidationError) as refused:
        ADAPTER.validate_python(code)
    assert refused.value.errors()[0]["type"] == "division_unknown"


@pytest.mark.parametrize("code", ["37010", "3701020", "070102", "37010a", "３７０１０２", "370102\n"])
def test_a_text_of_another_form_is_refused(code: str) -> None:
    with pytest.raises(ValidationError):
        ADAPTER.validate_python(code)
