"""What the demo's firms hand in: example answers, a small PDF for each material, and scores within the caps."""

from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml

from common.programme import Programme, parse

PROGRAMMES: Final = Path(__file__).parents[5] / "programmes"
MATERIAL: Final = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"
MATERIAL_END: Final = b"trailer<</Root 1 0 R>>\n%%EOF\n"


def programme(honour: str) -> Programme:
    """Return a programme that ships."""
    return parse((PROGRAMMES / f"{honour.lower()}.yaml").read_text(encoding="utf-8"))


def answers(honour: str) -> dict[str, Any]:
    """Return answers that pass the honour's form and every rule."""
    text = (PROGRAMMES / "examples" / f"{honour.lower()}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def material(kind: str) -> bytes:
    """Return a PDF of its own for a kind of material."""
    return MATERIAL + f"% demo material {kind}\n".encode() + MATERIAL_END


def scores(indicators: list[dict[str, Any]], *, share: str) -> dict[str, str]:
    """Return points for every scored indicator: this share of its cap, on its unit."""
    return {
        row["code"]: str(Decimal(row["cap"]) * Decimal(share) // Decimal(row["unit"]) * Decimal(row["unit"]))
        for row in indicators
        if row["scored"]
    }
