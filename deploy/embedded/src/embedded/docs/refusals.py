"""docs/refusals.md: every code that a caller can be refused with, both texts, and where it is defined."""

from collections.abc import Sequence
from typing import Final

from common.errors import MingpaiError, defined_errors
from common.web.problems import status_of
from embedded.docs.markdown import code, table
from embedded.docs.sources import PACKAGES, modules, source_link

_INTRODUCTION: Final = """\
# Refusals

Made from the code by `make docs`; change the class, not this page.

A refusal (拒绝) answers with a problem document (RFC 9457) that carries its `code`; `type` leads to `/problems/<code>`.
Each code is defined once, with both texts, in the module named in the last column. `{words}` are filled in when it is
raised; Chinese is the default, `Accept-Language: en` gives English. The category decides the HTTP status, in
[`common.web.problems`](../libs/common/src/common/web/problems.py).
"""


def refusals_page(kinds: Sequence[type[MingpaiError]] | None = None) -> str:
    """Return the page; `kinds` are all refusals of our own packages unless given."""
    rows = [
        (code(kind.code), str(status_of(kind)), kind.zh, kind.en, str(kind.category), source_link(kind.__module__))
        for kind in sorted(our_refusals() if kinds is None else kinds, key=lambda kind: kind.code)
    ]
    return "\n".join([_INTRODUCTION, *table(("Code", "Status", "中文", "English", "Category", "Defined in"), rows)])


def our_refusals() -> list[type[MingpaiError]]:
    """Return every error class with a code that our own packages define; those of tests do not count."""
    for package in PACKAGES:
        modules(package)
    return [kind for kind in defined_errors() if kind.__module__.partition(".")[0] in PACKAGES]
