"""The errors as classes, each with a code, a Chinese and an English text, and a category.

A refusal is defined once, in the `refusals.py` of its package, and is found by its code; the kernel's own are here.
This module does not depend on HTTP; `common/web/answers/problems.py` maps the category to a status. `Transient` and
`Permanent` are raised by calls to other systems and are never sent to a client.
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
    """The categories of errors; each has one HTTP status."""

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
        """Return the sentence in the given language."""
        return self.en if lang == "en" else self.zh

    def __str__(self) -> str:
        return f"{self.pointer} {self.zh}"


class MingpaiError(Exception):
    """The base of every error that is reported to a caller.

    A class that can be raised defines `code` (kebab-case), `zh` and `en`; both texts are templates with the same
    `{parameters}`, which are keyword arguments of the constructor. The constructor raises TypeError when a parameter is
    missing. `params` contains all arguments, also those that the templates do not use. `retryable` says that the same
    request may succeed later.
    """

    code: ClassVar[str] = ""
    retryable: ClassVar[bool] = False
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
        """Return the sentence in the given language, with the parameters filled in."""
        template = self.en if lang == "en" else self.zh
        return template.format_map(self.params)


class NotFound(MingpaiError):  # noqa: N818 -- a refusal says what is wrong, not that it is an error
    """The thing does not exist, or the actor may not see it; the answer is the same in both cases."""

    category = Category.NOT_FOUND


class NotAllowed(MingpaiError):  # noqa: N818 -- as NotFound
    """The actor lacks the role, or another person has to act."""

    category = Category.NOT_ALLOWED


class Refused(MingpaiError):  # noqa: N818 -- as NotFound
    """A domain rule forbids the action now; the error names the current state and the allowed actions."""

    category = Category.REFUSED

    def __init__(
        self, *, current_state: str | None = None, allowed_actions: Iterable[str] = (), **params: object
    ) -> None:
        self.current_state = current_state
        self.allowed_actions = tuple(allowed_actions)
        super().__init__(**params)


class Conflict(MingpaiError):  # noqa: N818 -- as NotFound
    """The request conflicts with something that exists already or is in progress."""

    category = Category.CONFLICT


class Stale(MingpaiError):  # noqa: N818 -- as NotFound
    """The caller has seen an older version than the one that is stored."""

    category = Category.STALE


class Invalid(MingpaiError):  # noqa: N818 -- as NotFound
    """The content breaks a rule; `pointer` is the JSON pointer (RFC 6901) of the field, if one field is wrong.

    A subclass for one fixed field sets `pointer` as a class attribute; for other classes it is a keyword argument. An
    error in several places lists them in `problems`.
    """

    category = Category.INVALID
    pointer: str | None = None

    def __init__(self, *, pointer: str | None = None, problems: Iterable[FieldProblem] = (), **params: object) -> None:
        if pointer is not None:
            self.pointer = pointer
        self.problems = tuple(problems)
        super().__init__(**params)


class Transient(Exception):  # noqa: N818 -- as NotFound
    """An outside call failed temporarily; it is tried again. `reason` is a short code for the record."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Permanent(Exception):  # noqa: N818 -- as NotFound
    """An outside call failed permanently; a retry cannot succeed. `reason` is a short code for the record."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def defined_errors(root: type[MingpaiError] = MingpaiError) -> Iterator[type[MingpaiError]]:
    """Yield every imported subclass of `root` that has a code of its own, for the generated page."""
    for child in root.__subclasses__():
        if "code" in child.__dict__:
            yield child
        yield from defined_errors(child)


def _parameters(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


class ActionNotAllowed(Refused):
    """The action is not possible in the current state."""

    code = "action-not-allowed"
    zh = "当前状态为“{state}”，不能执行“{action}”。"
    en = "The state is '{state}'; '{action}' is not possible now."


class EventTooLarge(Invalid):
    """An event that its readers would not take is not published: the command is refused and nothing is written."""

    code = "event-too-large"
    zh = "该操作要发布的内容有 {size} 字节，超过上限 {limit} 字节；未作任何更改。"
    en = "This action would publish {size} bytes, more than the limit of {limit}; nothing was changed."
