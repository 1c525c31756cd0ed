"""The content of the demo's applications: example answers, a small PDF for each material, scores within the caps."""

from copy import deepcopy
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf
import yaml

from common.programme import Programme, parse

PROGRAMMES: Final = Path(__file__).parents[5] / "programmes"


@cache
def programme(honour: str) -> Programme:
    """Return the honour's programme from programmes/."""
    return parse((PROGRAMMES / f"{honour.lower()}.yaml").read_text(encoding="utf-8"))


def answers(honour: str) -> dict[str, Any]:
    """Return a fresh copy of answers that pass the honour's form and every rule."""
    return deepcopy(_answers(honour))


@cache
def _answers(honour: str) -> dict[str, Any]:
    text = (PROGRAMMES / "examples" / f"{honour.lower()}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


@cache
def material(kind: str) -> bytes:
    """Return a PDF that is different for each kind of material."""
    with pikepdf.new() as document, BytesIO() as file:
        document.add_blank_page()
        document.docinfo["/Title"] = f"demo material {kind}"
        document.save(file, static_id=True)
        return file.getvalue()


def scores(indicators: list[dict[str, Any]], *, share: str) -> dict[str, str]:
    """Return points for every scored indicator: this share of its cap, rounded down to its unit."""
    return {
        row["code"]: str(Decimal(row["cap"]) * Decimal(share) // Decimal(row["unit"]) * Decimal(row["unit"]))
        for row in indicators
        if row["scored"]
    }
