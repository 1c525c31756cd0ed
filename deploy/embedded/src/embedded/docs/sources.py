"""The sources of the generated pages: the four services as data, and all our modules, imported.

All modules are imported before anything is listed, so that a page does not depend on which modules were loaded before.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final

from embedded.origin.parts import SERVICES

PACKAGES: Final = ("common", *(service.package for service in SERVICES), "embedded")
ROOT: Final = Path(__file__).resolve().parents[5]

_NOT_IMPORTED: Final = ("__main__", "migrations")
"""Modules that are not imported: pages show no content of commands and migrations."""


@cache
def modules(package: str) -> tuple[ModuleType, ...]:
    """Import a package whole and return its modules, sorted by name."""
    return tuple(importlib.import_module(name) for name in sorted({package, *_names(package)}))


def _names(package: str) -> Iterator[str]:
    parent = importlib.import_module(package)
    for found in pkgutil.iter_modules(parent.__path__, f"{package}."):
        if found.name.rpartition(".")[2] in _NOT_IMPORTED:
            continue
        yield found.name
        if found.ispkg:
            yield from _names(found.name)


def source_link(module_name: str, shown: str = "") -> str:
    """Return a Markdown link from a page of a service to a module's file, shown as the module's name by default."""
    file = sys.modules[module_name].__file__
    if file is None:
        raise ValueError(f"{module_name} has no file")
    return f"[`{shown or module_name}`](../../{Path(file).resolve().relative_to(ROOT).as_posix()})"
