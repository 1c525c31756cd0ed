"""The texts about wrong fields, in Chinese and English, for every error type of pydantic and of our own.

A text contains only values of the rule (`{max_length}`, `{expected}`), never the value that the caller sent.
"""

from collections.abc import Mapping
from typing import Final

from common.kernel.errors import Lang

# One row per error type: Chinese, English. A test compares this table with pydantic's own list.
TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    # presence and shape
    "missing": ("缺少必填字段。", "The field is required."),
    "extra_forbidden": ("没有这个字段。", "There is no such field."),
    "frozen_field": ("该字段不可修改。", "The field cannot be changed."),
    "frozen_instance": ("该对象不可修改。", "The object cannot be changed."),
    "invalid_key": ("键须为文本。", "Keys must be text."),
    "model_type": ("须为 JSON 对象。", "Must be a JSON object."),
    "model_attributes_type": ("须为 JSON 对象。", "Must be a JSON object."),
    "dataclass_type": ("须为 JSON 对象。", "Must be a JSON object."),
    "dataclass_exact_type": ("须为 JSON 对象。", "Must be a JSON object."),
    "named_tuple_type": ("须为 JSON 数组或对象。", "Must be a JSON array or object."),
    "dict_type": ("须为 JSON 对象。", "Must be a JSON object."),
    "frozen_dict_type": ("须为 JSON 对象。", "Must be a JSON object."),
    "ordered_dict_type": ("须为 JSON 对象。", "Must be a JSON object."),
    "counter_type": ("须为 JSON 对象。", "Must be a JSON object."),
    "mapping_type": ("须为 JSON 对象。", "Must be a JSON object."),
    "list_type": ("须为 JSON 数组。", "Must be a JSON array."),
    "deque_type": ("须为 JSON 数组。", "Must be a JSON array."),
    "tuple_type": ("须为 JSON 数组。", "Must be a JSON array."),
    "set_type": ("须为 JSON 数组。", "Must be a JSON array."),
    "frozen_set_type": ("须为 JSON 数组。", "Must be a JSON array."),
    "set_item_not_hashable": ("数组元素须为简单值。", "The array's items must be simple values."),
    "iterable_type": ("须为 JSON 数组。", "Must be a JSON array."),
    "iteration_error": ("无法读取该数组。", "The array cannot be read."),
    "none_required": ("须为 null。", "Must be null."),
    "union_tag_invalid": (
        "字段 {discriminator} 须为下列之一：{expected_tags}。",
        "The field {discriminator} must be one of: {expected_tags}.",
    ),
    "union_tag_not_found": (
        "缺少用于区分类别的字段 {discriminator}。",
        "The field {discriminator}, which names the kind, is missing.",
    ),
    "json_invalid": ("不是有效的 JSON。", "This is not valid JSON."),
    "json_type": ("须为 JSON 文本。", "Must be a JSON text."),
    "recursion_loop": ("内容引用了自身。", "The content refers to itself."),
    "recursion_depth_exceeded": ("嵌套过深。", "The content is nested too deeply."),
    # size and range
    "too_short": ("至少须有 {min_length} 项。", "At least {min_length} items are needed."),
    "too_long": ("最多允许 {max_length} 项。", "At most {max_length} items are allowed."),
    "string_too_short": ("至少须有 {min_length} 个字符。", "At least {min_length} characters are needed."),
    "string_too_long": ("最多允许 {max_length} 个字符。", "At most {max_length} characters are allowed."),
    "bytes_too_short": ("至少须有 {min_length} 字节。", "At least {min_length} bytes are needed."),
    "bytes_too_long": ("最多允许 {max_length} 字节。", "At most {max_length} bytes are allowed."),
    "greater_than": ("须大于 {gt}。", "Must be greater than {gt}."),
    "greater_than_equal": ("须大于或等于 {ge}。", "Must be greater than or equal to {ge}."),
    "less_than": ("须小于 {lt}。", "Must be less than {lt}."),
    "less_than_equal": ("须小于或等于 {le}。", "Must be less than or equal to {le}."),
    "multiple_of": ("须为 {multiple_of} 的倍数。", "Must be a multiple of {multiple_of}."),
    "finite_number": ("须为有限数值。", "Must be a finite number."),
    "number_not_whole": (
        '须为 ±(2^53−1) 之内的整数；小数写作文本，如 "12.50"。',
        'Must be whole, within ±(2^53−1); a decimal is a text such as "12.50".',
    ),
    "int_out_of_range": ("整数须在 ±(2^53−1) 之内。", "The integer must lie within ±(2^53−1)."),
    # text
    "string_type": ("须为文本。", "Must be text."),
    "string_unicode": ("须为 UTF-8 文本。", "Must be UTF-8 text."),
    "string_pattern_mismatch": ("格式不符合要求。", "The format is not the required one."),
    "string_not_ascii": ("只允许 ASCII 字符。", "Only ASCII characters are allowed."),
    "enum": ("须为下列之一：{expected}。", "Must be one of: {expected}."),
    "literal_error": ("须为下列之一：{expected}。", "Must be one of: {expected}."),
    "parameter_text": (
        "参数须为有效的 UTF-8 文本，且不含控制字符。",
        "Parameters must be valid UTF-8 without control characters.",
    ),
    "parameter_repeated": ("该参数只能出现一次。", "The parameter may appear only once."),
    "sort_unknown": ("只能按下列字段排序，每个一次：{expected}。", "Sort by these fields, each once: {expected}."),
    "text_bidi": (
        "第 {position} 个字符会改变书写方向，不予接受。",
        "Character {position} changes the writing direction, which is refused.",
    ),
    "text_hidden": (
        "第 {position} 个字符不可见，不予接受。",
        "Character {position} shows nothing, which is refused.",
    ),
    "text_surrogate": ("第 {position} 个字符不完整。", "Character {position} is half of a pair."),
    "text_control": ("第 {position} 个字符是控制字符。", "Character {position} is a control character."),
    "text_one_line": ("须为一行，不含制表符。", "Must stand on one line, without tabs."),
    "text_blank": ("不得为空白。", "Must not be blank."),
    "text_too_long": ("最多允许 {limit} 个字符。", "At most {limit} characters are allowed."),
    "json_too_large": ("最多允许 {limit} 字节。", "At most {limit} bytes are allowed."),
    "email_invalid": ("不是有效的电子邮箱地址。", "This is no valid mail address."),
    "email_encoded_word": (
        "@ 之前不得含有编码字（以“=?”开头），否则邮件可能寄往另一个地址。",
        'There must be no encoded word ("=?…") before the @: the mail could go to another address.',
    ),
    "email_not_ascii": ("@ 之前只允许 ASCII 字符。", "Only ASCII characters are allowed before the @."),
    "file_expected": (
        "须为文件：表单的这一部分要有 filename 参数（不是 filename*）。",
        "Must be a file: this part of the form needs the parameter filename, not filename*.",
    ),
    "division_unknown": ("没有此行政区划代码（GB/T 2260）。", "No division has this code (GB/T 2260)."),
    "addressee_invalid": (
        "须为统一社会信用代码、机构代码（2 至 40 个字母、数字或连字符），或者专家本人（expert: 加用户标识）。",
        "Must be a USCC, the code of an agency (2 to 40 letters, digits or hyphens), or `expert:` and a subject.",
    ),
    "uscc_invalid": ("不是有效的统一社会信用代码。", "This is no valid unified social credit code."),
    "bytes_type": ("须为文本。", "Must be text."),
    "bytes_invalid_encoding": ("编码无效。", "The encoding is invalid."),
    # numbers and truth
    "bool_type": ("须为 true 或 false。", "Must be true or false."),
    "bool_parsing": ("须为 true 或 false。", "Must be true or false."),
    "int_type": ("须为整数。", "Must be an integer."),
    "int_parsing": ("须为整数。", "Must be an integer."),
    "int_parsing_size": ("整数过大。", "The integer is too large."),
    "int_from_float": ("须为整数。", "Must be an integer."),
    "float_type": ("须为数值。", "Must be a number."),
    "float_parsing": ("须为数值。", "Must be a number."),
    "decimal_type": ('须为十进制数，写作文本，如 "1234.50"。', 'Must be a decimal number as text, such as "1234.50".'),
    "decimal_parsing": ('须为十进制数，如 "1234.50"。', 'Must be a decimal number, such as "1234.50".'),
    "decimal_max_digits": ("最多允许 {max_digits} 位数字。", "At most {max_digits} digits are allowed."),
    "decimal_max_places": (
        "最多允许 {decimal_places} 位小数。",
        "At most {decimal_places} decimal places are allowed.",
    ),
    "decimal_whole_digits": (
        "小数点前最多允许 {whole_digits} 位数字。",
        "At most {whole_digits} digits are allowed before the decimal point.",
    ),
    "fraction_type": ("须为分数。", "Must be a fraction."),
    "fraction_parsing": ("须为分数。", "Must be a fraction."),
    "complex_type": ("须为复数。", "Must be a complex number."),
    "complex_str_parsing": ("须为复数。", "Must be a complex number."),
    # dates and times
    "date_type": ('须为日期，如 "2015-10-08"。', 'Must be a date, such as "2015-10-08".'),
    "date_parsing": ('须为日期，如 "2015-10-08"。', 'Must be a date, such as "2015-10-08".'),
    "date_from_datetime_parsing": ('须为日期，如 "2015-10-08"。', 'Must be a date, such as "2015-10-08".'),
    "date_from_datetime_inexact": ("须为不带时刻的日期。", "Must be a date without a time."),
    "date_past": ("须为过去的日期。", "Must be a date in the past."),
    "date_future": ("须为将来的日期。", "Must be a date in the future."),
    "date_out_of_range": ("日期须在 {first} 至 {last} 之间。", "The day must lie between {first} and {last}."),
    "instant_out_of_range": (
        "时间须在 {first} 年至 {last} 年之内。",
        "The instant must lie in the years {first} to {last}.",
    ),
    "time_type": ('须为时刻，如 "09:00:00"。', 'Must be a time, such as "09:00:00".'),
    "time_parsing": ('须为时刻，如 "09:00:00"。', 'Must be a time, such as "09:00:00".'),
    "datetime_type": (
        '须为 RFC 3339 时间，如 "2015-10-08T01:00:00Z"。',
        'Must be an RFC 3339 instant, such as "2015-10-08T01:00:00Z".',
    ),
    "datetime_parsing": (
        '须为 RFC 3339 时间，如 "2015-10-08T01:00:00Z"。',
        'Must be an RFC 3339 instant, such as "2015-10-08T01:00:00Z".',
    ),
    "datetime_from_date_parsing": (
        '须为 RFC 3339 时间，如 "2015-10-08T01:00:00Z"。',
        'Must be an RFC 3339 instant, such as "2015-10-08T01:00:00Z".',
    ),
    "datetime_object_invalid": ("该时间无效。", "The instant is invalid."),
    "datetime_past": ("须为过去的时间。", "Must be in the past."),
    "datetime_future": ("须为将来的时间。", "Must be in the future."),
    "timezone_naive": ("不得带时区。", "Must not have a time zone."),
    "timezone_aware": ("须带时区，如 Z 或 +08:00。", "Must have a time zone, such as Z or +08:00."),
    "timezone_offset": ("时区不符合要求。", "The time zone is not the one required."),
    "time_delta_type": ('须为 ISO 8601 时长，如 "P30D"。', 'Must be an ISO 8601 duration, such as "P30D".'),
    "time_delta_parsing": ('须为 ISO 8601 时长，如 "P30D"。', 'Must be an ISO 8601 duration, such as "P30D".'),
    # addresses and ids
    "url_type": ("须为网址。", "Must be a URL."),
    "url_parsing": ("须为网址。", "Must be a URL."),
    "url_syntax_violation": ("网址写法不符合规范。", "The URL breaks the syntax rules."),
    "url_too_long": ("网址最多允许 {max_length} 个字符。", "The URL may have at most {max_length} characters."),
    "url_scheme": (
        "网址须以下列协议之一开头：{expected_schemes}。",
        "The URL's scheme must be one of: {expected_schemes}.",
    ),
    "uuid_type": ("须为 UUID。", "Must be a UUID."),
    "uuid_parsing": ("须为 UUID。", "Must be a UUID."),
    "uuid_version": ("须为第 {expected_version} 版 UUID。", "Must be a UUID of version {expected_version}."),
    # a programme's definition
    "points_not_a_decimal_string": (
        '分值须写作十进制文本，如 "12.50"。',
        'Points are written as a decimal string, such as "12.50".',
    ),
    "share_above_one": ("份额不得超过 1/1。", "A share is at most 1/1."),
    "cap_not_positive": ("满分须大于零。", "A cap is greater than zero."),
    "caps_do_not_add_up": ("各子项满分之和须等于本项满分。", "The children's caps add up to the cap."),
    "cap_off_unit": ("末级指标的满分须为记分单位的整数倍。", "A leaf's cap is a multiple of the unit."),
    "code_repeated": ("同一代码出现了两次。", "The same code appears twice."),
    "code_reserved": ("该代码已保留，不能用于指标。", "The code is reserved and cannot name an indicator."),
    "minimum_above_size": (
        "所需评分表数不得超过专家组人数。",
        "The sheets demanded are no more than the panel's members.",
    ),
    "rounding_not_a_power_of_ten": ("舍入单位须为 1、0.1、0.01 等。", "The rounding unit is 1, 0.1, 0.01 and so on."),
    "threshold_out_of_reach": ("质量线不得高于总分。", "The quality line must not be above the total."),
    "tie_order_incomplete": ("同分排序须以总分开始、以抽签结束。", "The order of ties goes from 'total' to 'ticket'."),
    "seats_do_not_add_up": ("各席位之和须等于评审组人数。", "The seats do not add up to the size of the panel."),
    "look_back_missing": ("该回避依据须说明回溯年数。", "This ground says how many years it looks back."),
    "withheld_from_nobody": ("只有双盲评审才可隐去内容。", "Only a double-blind review withholds anything."),
    "expression_malformed": ("表达式不是有效的 CEL。", "The expression is no CEL."),
    "fact_unknown": ("表达式引用了不存在的事实。", "The expression reads what is no fact."),
    "function_unknown": ("表达式调用了不可用的函数。", "The expression calls a function that is not available."),
    "form_no_schema": ("表单不是有效的 JSON Schema 2020-12。", "The form is no JSON Schema 2020-12."),
    "form_refused": ("表单模式在 {place} 处不被接受。", "The form is not accepted at {place}."),
    # the demo
    "clock_move": ("now 与 advance_days 须且只能给出一个。", "Give either now or advance_days."),
    # what only code, not JSON, can bring about; the text is still for a reader
    "no_such_attribute": ("没有这个字段。", "There is no such field."),
    "needs_python_object": ("无法检查该值。", "The value cannot be checked."),
    "get_attribute_error": ("无法读取该字段。", "The field cannot be read."),
    "default_factory_not_called": (
        "其他字段有误，无法得出默认值。",
        "No default can be computed while other fields are wrong.",
    ),
    "value_error": ("该值不符合要求。", "The value breaks a rule."),
    "assertion_error": ("该值不符合要求。", "The value breaks a rule."),
    "missing_sentinel_error": ("该字段须省略。", "The field must be left out."),
    "ellipsis_error": ("该值不符合要求。", "The value breaks a rule."),
    "is_instance_of": ("类型不符。", "The type is wrong."),
    "is_subclass_of": ("类型不符。", "The type is wrong."),
    "callable_type": ("类型不符。", "The type is wrong."),
    "arguments_type": ("须为 JSON 数组或对象。", "Must be a JSON array or object."),
    "missing_argument": ("缺少必填字段。", "The field is required."),
    "missing_keyword_only_argument": ("缺少必填字段。", "The field is required."),
    "missing_positional_only_argument": ("缺少必填字段。", "The field is required."),
    "unexpected_keyword_argument": ("没有这个字段。", "There is no such field."),
    "unexpected_positional_argument": ("没有这个字段。", "There is no such field."),
    "multiple_argument_values": ("该字段给出了两次。", "The field is given twice."),
}

_ANY_OTHER: Final = ("该值不符合要求。", "The value breaks a rule.")


def field_message(kind: str, context: Mapping[str, object], lang: Lang) -> str:
    """Return the sentence for an error type.

    A type of a single noun needs no row here: its PydanticCustomError carries both sentences as `zh` and `en` in its
    context.
    """
    row = TEXTS.get(kind)
    if row is None:
        own = (context.get("zh"), context.get("en"))
        row = (str(own[0]), str(own[1])) if all(own) else _ANY_OTHER
    zh, en = row
    if lang == "en":
        return en.format_map(context)
    # pydantic joins what it expects in English.
    return zh.format_map({name: str(value).replace(" or ", " 或 ") for name, value in context.items()})
