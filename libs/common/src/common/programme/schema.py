"""The JSON Schema of a definition, for editors and partners; programmes/programme.schema.json is this text."""

import json
from typing import Any

from common.programme.programme import Programme


def programme_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a definition. Rules across sections are checked by `parse` alone."""
    schema = Programme.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://mingpai.example/schemas/programme.schema.json",
        **schema,
    }


def schema_text() -> str:
    """Return the JSON Schema as the file holds it."""
    return json.dumps(programme_schema(), ensure_ascii=False, indent=2) + "\n"
