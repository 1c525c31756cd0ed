from common.kernel.digests import digest
from common.programme.cache import MOST, known_edition, read_edition
from support.casts.programmes import definition, programme

HONOUR = "FAMOUS_PRODUCT"
DIGEST = programme(HONOUR).digest


def test_an_edition_is_read_once() -> None:
    first = read_edition(DIGEST, definition(HONOUR))

    assert read_edition(DIGEST, "not looked at again") is first
    assert known_edition(DIGEST) is first


def test_what_stands_under_a_digest_that_is_not_its_own_is_not_kept() -> None:
    wrong = "sha256:" + "0" * 64

    assert read_edition(wrong, definition(HONOUR)).digest == DIGEST
    assert known_edition(wrong) is None


def test_the_least_recently_used_edition_is_evicted() -> None:
    first = read_edition(DIGEST, definition(HONOUR))
    for year in range(MOST):
        changed = definition(HONOUR)
        changed["identity"]["effective_on"] = f"{2020 + year}-01-01"
        read_edition(digest(changed), changed)

    assert known_edition(DIGEST) is None
    assert read_edition(DIGEST, definition(HONOUR)) == first
