from embedded.docs.generated import DOCS, pages, stale


def test_every_generated_page_says_what_the_code_says() -> None:
    assert stale(DOCS, pages()) == [], "run: make docs"
