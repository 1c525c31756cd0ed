"""A refusal's sentence for its reader: states, actions and roles by their names, instants in Beijing time.

The codes stay in the problem document's own members; only the sentence is worded. A parameter's name shows its type:
`…_at` an instant, `…_on` and `today` a date, `state`, `action` and `roles` codes of the vocabulary. A `Term` has both
languages.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from common.codes.vocabulary.moments import shown_date, shown_instant
from common.codes.vocabulary.words import ACTIONS, ROLES, Term, value_name
from common.kernel.errors import Lang, MingpaiError

_DOUBLED: Final = re.compile(r"[。.]+(?=[。；，])|(?<!\.)\.(?=[.;](?!\.))")
"""A full stop before another mark: a value that is a sentence, filled into a sentence."""
_LISTED: Final[Mapping[Lang, str]] = {"zh": "、", "en": ", "}


def sentence(error: MingpaiError, lang: Lang) -> str:
    """Return the text of a refusal with its parameters worded for the reader."""
    noun = next((noun_of(value) for value in error.params.values() if isinstance(value, StrEnum)), "")
    worded = {name: _worded(name, value, lang, noun) for name, value in error.params.items()}
    template = error.en if lang == "en" else error.zh
    return _DOUBLED.sub("", template.format_map(worded))


def noun_of(state: StrEnum) -> str:
    """Return the noun whose lifecycle or contract defines a state, e.g. `brands`; empty for an enum of another kind."""
    *_, holder, module = ("", *type(state).__module__.split("."))
    return holder if module in {"lifecycle", "model", "routes"} else module


def _worded(name: str, value: object, lang: Lang, noun: str) -> object:
    if isinstance(value, Term):
        return value.name(lang)
    if isinstance(value, StrEnum):
        return value_name(value, lang, noun, type(value).__name__)
    moment = _moment(name, value)
    if isinstance(moment, datetime):
        return shown_instant(moment, lang)
    if moment is not None:
        return shown_date(moment, lang)
    return _coded(name, value, lang, noun) if isinstance(value, str) else value


def _coded(name: str, value: str, lang: Lang, noun: str) -> str:
    match name:
        case "state":
            return value_name(value, lang, noun)
        case "action":
            return ACTIONS.name(value, lang, noun)
        case "roles":
            return _LISTED[lang].join(ROLES.name(role, lang) for role in value.split(", "))
        case _:
            return value


def _moment(name: str, value: object) -> date | None:
    """Return a parameter as an instant or a date, when its type or its name says that it is one."""
    if isinstance(value, date):
        return value if not isinstance(value, datetime) or value.tzinfo is not None else None
    if isinstance(value, str) and name.endswith("_at"):
        return _read(datetime.fromisoformat, value)
    if isinstance(value, str) and (name.endswith("_on") or name == "today"):
        return _read(date.fromisoformat, value)
    return None


def _read(parse: Callable[[str], date], text: str) -> date | None:
    try:
        found = parse(text)
    except ValueError:
        return None
    return found if not isinstance(found, datetime) or found.tzinfo is not None else None
