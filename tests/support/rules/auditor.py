"""The example that verifies an export of the audit, loaded from its file: it is no package."""

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

AUDITOR = Path(__file__).parents[3] / "examples" / "auditor" / "auditor.py"


@cache
def auditor() -> ModuleType:
    """Return the program as a module."""
    spec = importlib.util.spec_from_file_location("auditor", AUDITOR)
    if spec is None or spec.loader is None:
        raise ImportError(f"{AUDITOR} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
