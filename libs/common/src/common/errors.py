"""What can go wrong, as classes: a code, a Chinese and an English text, and a category.

A refusal is defined once and found by its code string. This module knows no HTTP; `common/web/problems.py` maps the
category to a status. `Transient` and `Permanent` are for calls to the outside and never reach a client.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter
from typing import ClassVar, Final, Literal

Lang = Literal["zh", "en"]

_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Category(StrEnum):
    """What kind of answer an error is; each category has one HTTP status."""

    NOT_FOUND = "not-found"
    NOT_ALLOWED = "not-allowed"
    REFUSED = "refused"
    CONFLICT = "conflict"
    STALE = "stale"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A problem at a JSON pointer (RFC 6901); the rejected value itself is never repeated."""

    pointer: str
    code: str
    zh: str
    en: str

    def text(self, lang: Lang = "zh") -> str:
        """Return the sentence for the writer."""
        return self.en if lang == "en" else self.zh

    def __str__(self) -> str:
        return f"{self.pointer} {self.zh}"


class MingpaiError(Exception):
    """The base of every error that a caller is told about.

    A class that can be raised gives `code` (kebab-case), `zh` and `en`; the texts are templates over the same
    `{parameters}`, which the constructor takes by keyword. A missing parameter is a TypeError where the error is made,
    not where it is shown. Parameters beyond the templates' are kept in `params`.
    """

    code: ClassVar[str] = ""
    zh: ClassVar[str] = ""
    en: ClassVar[str] = ""
    category: ClassVar[Category]

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.code:
            return
        if not _CODE.fullmatch(cls.code):
            raise TypeError(f"{cls.__name__}: the code {cls.code!r} is not in kebab-case")
        if not cls.zh or not cls.en:
            raise TypeError(f"{cls.__name__}: needs a Chinese and an English text")
        if _parameters(cls.zh) != _parameters(cls.en):
            raise TypeError(f"{cls.__name__}: the two texts name different parameters")

    def __init__(self, **params: object) -> None:
        if not self.code:
            raise TypeError(f"{type(self).__name__} has no code: raise one of its subclasses")
        missing = _parameters(self.en) - params.keys()
        if missing:
            raise TypeError(f"{type(self).__name__} needs {', '.join(sorted(missing))}")
        self.params = params
        super().__init__(f"{self.code}: {self.text('en')}")

    def text(self, lang: Lang = "zh") -> str:
        """Return the sentence for the reader, with the parameters filled in."""
        template = self.en if lang == "en" else self.zh
        return template.format_map(self.params)


class NotFound(MingpaiError):  # noqa: N818 -- a refusal says what is wrong, not that it is an error
    """The thing does not exist, or not for this actor: the two look the same."""

    category = Category.NOT_FOUND


class NotAllowed(MingpaiError):  # noqa: N818 -- as NotFound
    """The actor lacks the role, or must be another person."""

    category = Category.NOT_ALLOWED


class Refused(MingpaiError):  # noqa: N818 -- as NotFound
    """A domain rule forbids it now; says the state the thing is in and what may be done instead."""

    category = Category.REFUSED

    def __init__(
        self, *, current_state: str | None = None, allowed_actions: Iterable[str] = (), **params: object
    ) -> None:
        self.current_state = current_state
        self.allowed_actions = tuple(allowed_actions)
        super().__init__(**params)


class Conflict(MingpaiError):  # noqa: N818 -- as NotFound
    """It clashes with something that exists already or is under way."""

    category = Category.CONFLICT


class Stale(MingpaiError):  # noqa: N818 -- as NotFound
    """The caller has seen an older version than the one that is stored."""

    category = Category.STALE


class Invalid(MingpaiError):  # noqa: N818 -- as NotFound
    """The content breaks a rule; `pointer` is the JSON pointer (RFC 6901) of the field, where one is to blame.

    A subclass that always blames the same field says so as a class attribute; the keyword is for the others. What is
    wrong in several places names them in `problems`.
    """

    category = Category.INVALID
    pointer: str | None = None

    def __init__(self, *, pointer: str | None = None, problems: Iterable[FieldProblem] = (), **params: object) -> None:
        if pointer is not None:
            self.pointer = pointer
        self.problems = tuple(problems)
        super().__init__(**params)


class Transient(Exception):  # noqa: N818 -- as NotFound
    """An outside call failed in a way that may pass; it is tried again. `reason` is a short code for the record."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Permanent(Exception):  # noqa: N818 -- as NotFound
    """An outside call failed for good; trying again would not help. `reason` is a short code for the record."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def defined_errors(root: type[MingpaiError] = MingpaiError) -> Iterator[type[MingpaiError]]:
    """Return every class under `root` that has a code of its own and is imported by now, for the generated page."""
    for child in root.__subclasses__():
        if "code" in child.__dict__:
            yield child
        yield from defined_errors(child)


def _parameters(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)
