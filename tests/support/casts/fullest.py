"""The largest that a text, a form or a name may be: rare ideographs, which have four bytes each."""

from typing import Any, Final

from common.kernel.text import LONG, POINT, REASON, SHORT

RARE: Final = "\U00020bb7"
NAME: Final = RARE * SHORT
REASON_TEXT: Final = RARE * REASON
POINTS: Final = [RARE * POINT] * 20
SHORT_LIST: Final = 10
LONG_TEXT: Final = RARE * LONG


def answers_at_caps(form: dict[str, Any], shown: Any) -> Any:  # noqa: ANN401 -- any answers
    """Return answers like those shown in which every free text and long list is as long as the form allows.

    A short list, such as that of the years, is kept: the rules of the programme compare its entries.
    """
    match form:
        case {"properties": fields}:
            return {name: answers_at_caps(field, shown.get(name)) for name, field in fields.items() if name in shown}
        case {"type": "array", "items": item} if form["maxItems"] > SHORT_LIST and "enum" not in item:
            full = [answers_at_caps(item, shown[0]) for _ in range(form["maxItems"])]
            return [f"{at:03d}{one[3:]}" for at, one in enumerate(full)] if isinstance(full[0], str) else full
        case {"type": "string"} if not {"enum", "pattern", "format"}.intersection(form):
            return RARE * form["maxLength"]
    return shown
