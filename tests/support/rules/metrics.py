"""What the runbooks have to say of the metrics, as functions of names and pages: each returns its violations."""

import re
from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry

PREFIX = "mingpai_"
COLUMNS = 4
_NAMED = re.compile(rf"\b{PREFIX}(?!\{{)[a-z0-9_]+")
_PARTS = ("", "_bucket", "_sum", "_count")


def exposed(registry: CollectorRegistry) -> set[str]:
    """Return our metrics as Prometheus shows them: a counter ends in `_total`."""
    return {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in registry.collect()
        if family.name.startswith(PREFIX)
    }


def undescribed(metrics: Iterable[str], pages: Mapping[str, str]) -> list[str]:
    """Every metric has one row that says what it measures, when to worry and what to do."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        for page in pages.values()
        for line in page.splitlines()
        if line.startswith("|")
    ]
    described = [row[0].strip("`") for row in rows if len(row) == COLUMNS and all(row)]
    return sorted(
        f"{name} is described {described.count(name)} times" for name in metrics if described.count(name) != 1
    )


def unknown(metrics: Iterable[str], pages: Mapping[str, str]) -> list[str]:
    """Every metric that a page names exists."""
    known = {f"{name}{part}" for name in metrics for part in _PARTS}
    return sorted(
        f"{page}: there is no {name}" for page, text in pages.items() for name in set(_NAMED.findall(text)) - known
    )
