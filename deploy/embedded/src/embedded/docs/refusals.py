"""docs/refusals/<service>.md and common.md: each code of a refusal, both texts, and where it is defined."""

from collections.abc import Sequence
from typing import Final

from common.kernel.errors import MingpaiError, defined_errors
from common.web.answers.problems import status_of
from embedded.docs.markdown import code, table
from embedded.docs.sources import PACKAGES, modules, source_link

_INTRODUCTION: Final = """\
# Refusals: {title}

Generated from the code by `make docs`; change the class, not this page.

A refusal (拒绝) is answered with a problem document (RFC 9457) that carries its `code`; its `type` is the page
`/problems/<code>`, which also says what to do. Each code is defined once, with both texts, in the module of the last
column. `{{words}}` are filled in when it is raised: states and actions by their names, instants in Beijing time.
Chinese is the default, `Accept-Language: en` gives English. The category decides the HTTP status, in
[`common.web.answers.problems`](../../libs/common/src/common/web/answers/problems.py).
"""


def refusals_page(title: str, kinds: Sequence[type[MingpaiError]]) -> str:
    """Return the page of these refusals, sorted by code."""
    rows = [
        (code(kind.code), str(status_of(kind)), kind.zh, kind.en, str(kind.category), source_link(kind.__module__))
        for kind in sorted(kinds, key=lambda kind: kind.code)
    ]
    return "\n".join(
        [
            _INTRODUCTION.format(title=title),
            *table(("Code", "Status", "中文", "English", "Category", "Defined in"), rows),
        ]
    )


def our_refusals(*packages: str) -> list[type[MingpaiError]]:
    """Return every error class with a code that is defined in these packages, by default in all of ours."""
    for package in PACKAGES:
        modules(package)
    return [kind for kind in defined_errors() if kind.__module__.partition(".")[0] in (packages or PACKAGES)]
