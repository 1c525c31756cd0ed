"""docs/programme.md: every field of a programme's definition by its path, and what the platform does not apply yet."""

from collections.abc import Iterator
from typing import Final

from common.programme.leaves import leaves
from common.programme.not_yet import NOT_YET, acts
from common.programme.programme import Programme
from embedded.docs.markdown import code, table

_INTRODUCTION: Final = """\
# Programme

Generated from the code by `make docs`; change the model in
[`common.programme.definition`](../libs/common/src/common/programme/definition/whole.py), not this page.

Each field that an edition can print, by its path; `[]` stands for each of several. Every field acts, and a test proves
it ([tests/leaves](../tests/leaves/)), except those of the list at the end.
[How to write an honour](how-to/add-a-programme.md) explains the sections; `GET /v1/programmes/{programme_id}/rules`
shows an edition in words.
"""


def programme_page() -> str:
    """Return the page."""
    return "\n".join([_INTRODUCTION, *_lines()])


def _lines() -> Iterator[str]:
    found = leaves(Programme)
    yield "## Fields"
    yield ""
    yield from table(
        ("Field", "Section", "Acts"),
        ((code(path), _meaning(section), "yes" if acts(path) else "not yet") for path, section in found.items()),
    )
    yield "## Not yet"
    yield ""
    yield "An edition shows these as `not_yet` when it is proposed, published and read."
    yield ""
    yield from table(("Part", "What is missing"), ((code(each.field), f"{each.zh} {each.en}") for each in NOT_YET))


def _meaning(section: type) -> str:
    return (section.__doc__ or "").partition("\n")[0]
