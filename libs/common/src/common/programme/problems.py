"""One problem of an answer, a material or a sheet: its place, the rule, and the text for the person who entered it."""

from collections.abc import Iterable
from typing import Final

from common.kernel.errors import FieldProblem

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "required": ("请填写“{label}”。", "'{label}' is required."),
    "unknown_field": ("“{label}”中没有这一填报项。", "'{label}' has no such field."),
    "wrong_type": ("“{label}”的类型不对。", "'{label}' is of the wrong type."),
    "decimal_refused": (
        "“{label}”须填整数（金额以分为单位）。",
        "'{label}' takes whole numbers (money in fen), no decimals.",
    ),
    "too_short": ("“{label}”至少 {limit} 个字符。", "'{label}' needs at least {limit} characters."),
    "too_long": ("“{label}”最多 {limit} 个字符。", "'{label}' takes at most {limit} characters."),
    "too_small": ("“{label}”不得小于 {limit}。", "'{label}' must be at least {limit}."),
    "too_large": ("“{label}”不得大于 {limit}。", "'{label}' must be at most {limit}."),
    "too_few": ("“{label}”至少填 {limit} 项。", "'{label}' needs at least {limit} entries."),
    "too_many": ("“{label}”最多填 {limit} 项。", "'{label}' takes at most {limit} entries."),
    "repeated": ("“{label}”中有重复项。", "'{label}' holds the same entry twice."),
    "malformed": ("“{label}”的格式不对。", "'{label}' is not in the right format."),
    "not_offered": ("“{label}”须从所列选项中选择。", "'{label}' must be one of the values offered."),
    "text_refused": ("“{label}”含有不允许的字符。", "'{label}' holds a character that is not allowed."),
    "text_blank": ("“{label}”不能为空白。", "'{label}' must not be blank."),
    "text_one_line": ("“{label}”须为一行，不含制表符。", "'{label}' must stand on one line, without tabs."),
    "date_out_of_range": (
        "“{label}”须在 {first} 至 {last} 之间。",
        "'{label}' must lie between {first} and {last}.",
    ),
    "not_accepted": ("“{label}”不符合填报要求。", "'{label}' does not meet the form's demands."),
    "material_missing": ("缺少材料“{label}”。", "The material '{label}' is missing."),
    "material_unknown": ("方案未要求此种材料。", "The programme asks for no such material."),
    "score_missing": ("指标“{label}”尚未评分。", "The indicator '{label}' has no score."),
    "score_unknown": ("没有这一评分指标。", "There is no such indicator to score."),
    "score_not_decimal": ("指标“{label}”的分值须为十进制数。", "The score of '{label}' must be a decimal."),
    "score_negative": ("指标“{label}”的分值不得为负。", "The score of '{label}' must not be negative."),
    "score_above_cap": ("指标“{label}”的分值不得超过 {limit}。", "The score of '{label}' must not exceed {limit}."),
    "score_off_unit": (
        "指标“{label}”的分值须为 {limit} 的整数倍。",
        "The score of '{label}' must be a multiple of {limit}.",
    ),
}


def problem(pointer: str, code: str, *, label: tuple[str, str] = ("", ""), **values: object) -> FieldProblem:
    """Make the problem of a code in `TEXTS`, naming the field by its (zh, en) label, with the values that it names."""
    zh, en = TEXTS[code]
    return FieldProblem(pointer, code, zh.format(label=label[0], **values), en.format(label=label[1], **values))


def to_pointer(path: Iterable[str | int]) -> str:
    """Return the JSON pointer (RFC 6901) of a path."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in path)
