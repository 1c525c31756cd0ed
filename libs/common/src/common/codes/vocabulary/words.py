"""The vocabulary: the name of each field, action, state, value, role and noun in Chinese and in English.

One YAML file per kind of word, read at first use. A word may depend on its context: `scope` names the noun, schema or
enum, and a word without a scope is the fallback. The glossary decides the words; a test checks that every file is
complete.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

import yaml

_FOLDER: Final = Path(__file__).parent
_PARTS: Final = (1, 2, 4)
"""The numbers of parts that a word may have: one name; two names; two names and two meanings."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word in both languages, with an explaining sentence if the file contains one."""

    zh: str
    en: str = ""
    zh_meaning: str = ""
    en_meaning: str = ""

    def __str__(self) -> str:
        return self.both

    def name(self, lang: Literal["zh", "en"]) -> str:
        """Return the word in one language."""
        return self.en if lang == "en" else self.zh

    @property
    def both(self) -> str:
        """Return the word in both languages, Chinese first."""
        return f"{self.zh} {self.en}".rstrip()

    @property
    def meaning(self) -> str:
        """Return the explaining sentences, Chinese first; empty where there are none."""
        return f"{self.zh_meaning}{self.en_meaning}"

    def as_json(self) -> dict[str, str]:
        """Return the word as a member of a document."""
        return {"zh": self.zh, "en": self.en}


class Words:
    """The words of one file: flat, or in sections named after the noun or enum that they belong to."""

    def __init__(self, name: str) -> None:
        self._path = _FOLDER / f"{name}.yaml"

    @cached_property
    def _terms(self) -> Mapping[str, Term | Mapping[str, Term]]:
        read: dict[str, Any] = yaml.safe_load(self._path.read_text("utf-8"))
        return {
            name: {code: self._term(text) for code, text in one.items()} if isinstance(one, dict) else self._term(one)
            for name, one in read.items()
        }

    def _term(self, text: object) -> Term:
        parts = [part.strip() for part in text.split(" | ")] if isinstance(text, str) else []
        if len(parts) not in _PARTS or not all(parts):
            raise ValueError(
                f"{self._path.name}: {text!r} is not `中文 | English` or `中文 | English | 说明。 | Meaning.`"
            )
        return Term(*parts)

    def find(self, code: str, *scopes: str) -> Term | None:
        """Return the word for a code in the first scope that has it, else the word without a scope, else None."""
        for scope in scopes:
            section = self._terms.get(scope)
            if isinstance(section, Mapping) and code in section:
                return section[code]
            scoped = self._terms.get(f"{scope}.{code}")
            if isinstance(scoped, Term):
                return scoped
        flat = self._terms.get(code)
        return flat if isinstance(flat, Term) else None

    def name(self, code: str, lang: Literal["zh", "en"], *scopes: str) -> str:
        """Return the word for a code in one language, or the code itself when there is none."""
        term = self.find(code, *scopes)
        return code if term is None else term.name(lang)

    def section(self, scope: str) -> Mapping[str, Term]:
        """Return the words of one section, in the order of the file; empty when there is no such section."""
        section = self._terms.get(scope, {})
        return section if isinstance(section, Mapping) else {}

    def sections(self) -> Iterator[str]:
        """Yield the names of the sections."""
        yield from (name for name, one in self._terms.items() if isinstance(one, Mapping))

    def flat(self) -> Mapping[str, Term]:
        """Return the words outside any section."""
        return {name: one for name, one in self._terms.items() if isinstance(one, Term)}


FIELDS: Final = Words("fields")
"""Fields and parameters; a scope is a schema's name, or `parameter`."""
ACTIONS: Final = Words("actions")
"""Actions; a scope is a noun."""
STATES: Final = Words("states")
"""States; a scope is a noun."""
VALUES: Final = Words("values")
"""Values that are not states; a scope is the name of an enum or of a field."""
ROLES: Final = Words("roles")
NOUNS: Final = Words("nouns")
"""Sections `services`, `nouns` (in the order of the work) and `documents`."""
OPERATIONS: Final = Words("operations")
"""The Chinese summary of each operation, by `METHOD path`."""
ADVICE: Final = Words("advice")
"""The advice about a refusal: by its code in section `codes`, else by its HTTP status in section `status`."""


def value_name(code: str, lang: Literal["zh", "en"], *scopes: str) -> str:
    """Return the name of a state or another value, or the code itself when it has no word."""
    term = STATES.find(code, *scopes) or VALUES.find(code, *scopes) or ROLES.find(code)
    return code if term is None else term.name(lang)
