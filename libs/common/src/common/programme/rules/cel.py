"""The CEL engine without its package, which also imports a command line: a third of a second at every start."""

import importlib.util
from importlib.machinery import PathFinder
from typing import Any, Final


def _loaded() -> Any:  # noqa: ANN401 -- an extension without types
    """Return the compiled part of the package `cel`. Raises ModuleNotFoundError where it is not installed."""
    package = importlib.util.find_spec("cel")
    engine = PathFinder.find_spec("cel.cel", None if package is None else package.submodule_search_locations)
    if engine is None or engine.loader is None:
        raise ModuleNotFoundError("the package common-expression-language is not installed", name="cel")
    module = importlib.util.module_from_spec(engine)
    engine.loader.exec_module(module)
    return module


compile_expression: Final = _loaded().compile
"""Compile the text of an expression; raises ValueError for a text that is not CEL."""
