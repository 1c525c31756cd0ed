"""What a programme may print and the platform does not apply yet; an edition shows it, and docs/programme.md.

Every other field of a definition acts: a test walks them all, and fails for a field that is neither here nor proved.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class NotYet:
    """A field or section of a definition, by its name, and what is missing."""

    field: str
    zh: str
    en: str


NOT_YET: Final = (
    NotYet(
        "renewal",
        "复评尚未由平台办理，称号期满即失效。",
        "Renewals are not handled yet: a title ends with its validity.",
    ),
    NotYet("mark", "标志的使用尚未由平台检查。", "The use of the mark is not checked yet."),
    NotYet(
        "change_report",
        "变更备案尚未由平台办理，期限不计算。",
        "Changes are not reported here yet: the term does not run.",
    ),
    NotYet(
        "rectification", "整改尚未由平台跟踪，期限不计算。", "Rectification is not followed yet: the term does not run."
    ),
    NotYet("sell_through", "旧包装的使用期限尚未由平台计算。", "The last day for old packaging is not counted yet."),
)


def acts(path: str) -> bool:
    """Return whether the platform applies the field at a path, such as `title.validity.years`."""
    return not {each.field for each in NOT_YET}.intersection(path.replace("[]", "").split("."))
