import pytest

from registry_service.register.brands.numbers import check_character, is_well_formed, with_check


def test_the_check_character_is_that_of_iso_7064_mod_37_36() -> None:
    assert check_character("A12425GABC1234002") == "M"  # a published example of the standard's use


def test_a_number_carries_its_check_character_behind_a_dash() -> None:
    assert with_check("SDMP-2015-00001") == "SDMP-2015-00001-B"
    assert with_check("SDMP-2015-00002") == "SDMP-2015-00002-9"


@pytest.mark.parametrize(
    ("text", "well_formed"),
    [
        ("SDMP-2015-00001-B", True),
        ("sdmp-2015-00001-b", True),
        ("ＳＤＭＰ２０１５００００１Ｂ", True),
        (" SDMP–2015–00001–B\u200b", True),
        ("ſDMP-2015-00001-B", False),
        ("SDMP-2015-0000①-B", False),
        ("B", False),
        ("SDMP-2015-00001-C", False),
        ("SDMP-2015-00010-B", False),  # two digits changed places
        ("SDMP-2015-00001", False),
        ("-B", False),
        ("", False),
    ],
)
def test_a_typing_error_is_distinguished_from_a_number_never_given(text: str, *, well_formed: bool) -> None:
    assert is_well_formed(text) is well_formed
