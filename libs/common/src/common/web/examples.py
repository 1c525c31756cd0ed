"""An example for any JSON Schema of ours: the schema's own where it names one, else one that a reader recognises."""

from collections.abc import Mapping
from typing import Any, Final

_BY_FORMAT: Final[Mapping[str, str]] = {
    "date": "2015-10-08",
    "date-time": "2015-10-08T01:00:00Z",
    "time": "09:00:00",
    "duration": "P30D",
    "uuid": "01900000-0000-7000-8000-000000000001",
    "uri": "https://example.org/hook",
    "email": "office@example.org",
    "binary": "…",
}

_UUID: Final = "01900000-0000-7000-8000-000000000001"
_PREFIXES: Final[Mapping[str, str]] = {
    "act": "act",
    "announcement": "ann",
    "application": "app",
    "deliberation": "dlb",
    "draw": "drw",
    "expert": "exp",
    "message": "msg",
    "notice": "ntc",
    "objection": "obj",
    "programme": "prg",
    "ranking": "rnk",
    "review": "rev",
    "round": "rnd",
    "sheet": "sht",
}
"""How the id of a thing begins."""

_BY_NAME: Final[Mapping[str, str]] = {
    "acting_body": "AG-370000-OFFICE",
    "action": "revoke",
    "agency": "AG-370102",
    "allowed_action": "submit",
    "amount": "1234.50",
    "answer": "经核查，异议不成立。",
    "applicant": "91370102FAKE00013R",
    "applicant_name": "济南虚泉精密机械有限公司",
    "body": "您好：贵单位的申报已受理。",
    "brand_number": "SDMP-2015-00001-B",
    "client": "applicant-1",
    "code": "AG-370102",
    "conflict": "91370102FAKE00013R",
    "contact": "0531-00000000",
    "correlationid": f"req_{_UUID}",
    "currency": "CNY",
    "dataschema": "/schemas/registry.BrandRevoked.v1.json",
    "decided_by": "person-office-2",
    "digest": "sha256:" + "0" * 64,
    "division": "370102",
    "document_number": "鲁名牌字〔2015〕8号",
    "drawn_by": "person-officer-1",
    "email": "office@example.org",
    "employer": "12370100FAKE00056F",
    "en": "The title is in force.",
    "event_id": _UUID,
    "event_type": "cn.mingpai.registry.BrandRevoked.v1",
    "file": "…",
    "grounds": "fraud",
    "holder_name": "济南虚泉精密机械有限公司",
    "honour": "FAMOUS_PRODUCT",
    "id": _UUID,
    "item": "数控机床",
    "key": "licence",
    "kind": "licence",
    "lapsed_because": "brand_revoked",
    "level": "county",
    "media_type": "application/pdf",
    "minutes": "会议审议了全部名单。",
    "name": "济南虚泉精密机械有限公司",
    "name_en": "Shandong Famous Product",
    "name_zh": "山东名牌产品",
    "next_cursor": "pXv5…",
    "number": "SDMP-2015-00001-B",
    "opinion": "材料属实，同意推荐。",
    "org": "91370102FAKE00013R",
    "outcome": "recognised",
    "parent": "AG-370100",
    "phone": "0531-00000000",
    "programme_digest": "sha256:" + "0" * 64,
    "proposed_by": "person-office-1",
    "reason": "材料齐全，符合条件。",
    "receipt_number": f"2015-{_UUID}",
    "recognition_body": "AG-370000-BODY",
    "refused_because": "依据不足。",
    "seed": "2015-10-08 09:00",
    "sequence": "00000000000000000001",
    "source": "/services/registry",
    "specialitie": "C34",
    "specversion": "1.0",
    "stage": "submitted",
    "state": "submitted",
    "sub": "person-applicant-1",
    "subject": "brd_" + _UUID,
    "time": "2015-10-08T01:00:00Z",
    "title": "山东名牌产品公告",
    "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "type": "cn.mingpai.registry.BrandRevoked.v1",
    "uscc": "91370102FAKE00013R",
    "value": "…",
    "zh": "处于有效状态。",
}


def example_of(
    schema: Mapping[str, Any], schemas: Mapping[str, Any], *, name: str = "", trail: tuple[str, ...] = ()
) -> object:
    """Return a value that fits the schema as far as its keywords tell.

    `schemas` resolve its references; one that leads back to itself (it stands in the `trail`) ends in null.
    """
    found = _given(schema)
    if found is not None:
        return found
    if "$ref" in schema:
        target = str(schema["$ref"]).rpartition("/")[2]
        if target in trail:
            return None
        return example_of(schemas.get(target, {}), schemas, name=name, trail=(*trail, target))
    for keyword in ("anyOf", "oneOf", "allOf"):
        if keyword in schema:
            chosen: Mapping[str, Any] = next((one for one in schema[keyword] if one.get("type") != "null"), {})
            return example_of(chosen, schemas, name=name, trail=trail)
    if schema.get("type") == "object" or "properties" in schema:
        return _object(schema, schemas, trail)
    return _array(schema, schemas, name, trail) if schema.get("type") == "array" else _scalar(schema, name)


def _given(schema: Mapping[str, Any]) -> object:
    for keyword in ("examples", "enum"):
        if schema.get(keyword):
            first: object = schema[keyword][0]
            return first
    for keyword in ("example", "const"):
        if keyword in schema:
            return schema[keyword]
    return schema.get("default") or None


def _object(schema: Mapping[str, Any], schemas: Mapping[str, Any], trail: tuple[str, ...]) -> dict[str, object]:
    members = {
        name: example_of(member, schemas, name=name, trail=trail)
        for name, member in schema.get("properties", {}).items()
    }
    more = schema.get("additionalProperties")
    if not members and isinstance(more, Mapping):
        return {"key": example_of(more, schemas, name="value", trail=trail)}
    return members


def _array(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str, trail: tuple[str, ...]) -> list[object]:
    if "prefixItems" in schema:
        return [example_of(item, schemas, trail=trail) for item in schema["prefixItems"]]
    item = example_of(schema.get("items", {}), schemas, name=name.removesuffix("s"), trail=trail)
    return [] if item is None else [item] * max(1, schema.get("minItems", 1))


def _scalar(schema: Mapping[str, Any], name: str) -> object:
    match schema.get("type"):
        case "string":
            return _text(schema, name)
        case "integer":
            return int(schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1))
        case "number":
            return float(schema.get("minimum", schema.get("exclusiveMinimum", 0) + 0.5))
        case "boolean":
            return True
        case _:
            return None


def _text(schema: Mapping[str, Any], name: str) -> str:
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    prefix = _PREFIXES.get(name.removesuffix("_id"))
    text = f"{prefix}_{_UUID}" if prefix and name.endswith("_id") else _BY_NAME.get(name, "示例")
    return text.ljust(schema.get("minLength", 0), "例")[: schema.get("maxLength", len(text) + 1000)]
