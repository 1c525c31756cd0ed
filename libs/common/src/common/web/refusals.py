"""Refusals of the HTTP layer: unreadable bodies, missing tokens, wrong methods, spent quotas.

These classes carry their own HTTP status, because no domain rule raises them; domain errors get theirs from their
category, in `problems.py`.
"""

from collections.abc import Mapping
from typing import ClassVar

from common.kernel.errors import Category, MingpaiError


class WebRefusal(MingpaiError):  # noqa: N818 -- a refusal says what is wrong, not that it is an error
    """A refusal with an HTTP status of its own.

    `headers` are added to the answer, `members` to the problem document.
    """

    category = Category.INVALID
    status: ClassVar[int]
    standing_headers: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self,
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, object] | None = None,
        pointer: str | None = None,
        **params: object,
    ) -> None:
        self.headers = {**self.standing_headers, **(headers or {})}
        self.members = dict(members or {})
        self.pointer = pointer
        super().__init__(**params)


class Waitable(WebRefusal):
    """A temporary refusal: `retry_after` is the number of seconds to wait before a retry."""

    retryable = True

    def __init__(self, *, retry_after: int = 1, headers: Mapping[str, str] | None = None, **params: object) -> None:
        self.retry_after = retry_after
        super().__init__(
            headers={"Retry-After": str(retry_after), **(headers or {})}, members=None, pointer=None, **params
        )


class BadRequest(WebRefusal):
    """The request cannot be read."""

    status = 400
    code = "bad-request"
    zh = "无法读取该请求。"
    en = "The request cannot be read."


class HeadInvalid(WebRefusal):
    """The request line or the Host field is not as HTTP defines it (RFC 9112 §3.2)."""

    status = 400
    code = "head-invalid"
    zh = "请求行无效，或 Host 请求头缺失、重复、无效。"
    en = "The request line is invalid, or the Host field is missing, repeated or invalid."


class HeadTooLarge(WebRefusal):
    """The request line and the header fields are larger than is read; `limit` is in bytes."""

    status = 431
    code = "head-too-large"
    zh = "请求行与请求头合计不得超过 {limit} 字节、{fields} 个字段。"
    en = "The request line and the header fields may have {limit} bytes and {fields} fields."


class HttpVersionUnknown(WebRefusal):
    """The request line names a version that this server does not speak."""

    status = 505
    code = "http-version-unknown"
    zh = "仅支持 HTTP/1.1 和 HTTP/1.0。"
    en = "Only HTTP/1.1 and HTTP/1.0 are spoken here."


class MalformedJson(WebRefusal):
    """The body is no JSON text in UTF-8 (RFC 8259)."""

    status = 400
    code = "malformed-json"
    zh = "请求正文不是有效的 UTF-8 编码 JSON 文本。"
    en = "The body is not a valid JSON text in UTF-8."


class DuplicateKey(WebRefusal):
    """An object of the body has the same key twice."""

    status = 400
    code = "duplicate-key"
    zh = "JSON 对象中有重复的键。"
    en = "A JSON object has the same key twice."


class JsonTooDeep(WebRefusal):
    """The body is nested deeper than is accepted."""

    status = 400
    code = "json-too-deep"
    zh = "JSON 嵌套超过 {limit} 层。"
    en = "The JSON text is nested deeper than {limit} levels."


class JsonTooManyValues(WebRefusal):
    """The body has more values than are read, objects and lists included."""

    status = 413
    code = "json-too-many-values"
    zh = "JSON 中的值（含对象和数组）不得超过 {limit} 个。"
    en = "The JSON text may have {limit} values, objects and lists included."


class NumberOutOfRange(WebRefusal):
    """A number of the body is too large to be exact everywhere."""

    status = 422
    code = "number-out-of-range"
    zh = "数值超出允许范围：整数须在 ±(2^53−1) 之内，小数须为有限值。"
    en = "The number is out of range: integers lie within ±(2^53−1), decimals are finite."


class TextNotStorable(WebRefusal):
    """A string of the body contains half a character (a lone surrogate) or U+0000."""

    status = 422
    code = "text-not-storable"
    zh = "文本中含有不成对的代理码位或 U+0000。"
    en = "The text holds a lone surrogate or U+0000."


class BodyTooLarge(WebRefusal):
    """The body is larger than the route accepts; `limit` is in bytes."""

    status = 413
    code = "body-too-large"
    zh = "请求正文超过 {limit} 字节。"
    en = "The body is larger than {limit} bytes."


class UnsupportedMediaType(WebRefusal):
    """The body is not of a media type that the route reads."""

    status = 415
    code = "unsupported-media-type"
    zh = "请求正文须为 {expected}，且不得压缩。"
    en = "The body must be {expected} and not be compressed."


class Unauthenticated(WebRefusal):
    """The request carries no bearer token, though the route needs one."""

    status = 401
    code = "unauthenticated"
    zh = "需要访问令牌（Authorization: Bearer …）。"
    en = "An access token is needed (Authorization: Bearer …)."
    standing_headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="mingpai"'}


class InvalidToken(WebRefusal):
    """The bearer token is not accepted; which check failed (`reason`) is logged, not returned."""

    status = 401
    code = "invalid-token"
    zh = "访问令牌无效或已过期，请重新获取。"
    en = "The access token is invalid or has expired; get a new one."
    standing_headers: ClassVar[Mapping[str, str]] = {
        "WWW-Authenticate": 'Bearer realm="mingpai", error="invalid_token"',
    }


class RoleMissing(WebRefusal):
    """The actor has none of the roles that the route allows."""

    status = 403
    code = "role-missing"
    zh = "需要以下角色之一：{roles}。"
    en = "One of these roles is needed: {roles}."
    standing_headers: ClassVar[Mapping[str, str]] = {
        "WWW-Authenticate": 'Bearer realm="mingpai", error="insufficient_scope"',
    }


class PathNotFound(WebRefusal):
    """There is no resource at this address."""

    status = 404
    code = "path-not-found"
    zh = "没有这个地址。"
    en = "There is nothing at this address."


class MethodNotAllowed(WebRefusal):
    """The address exists, but not for this method."""

    status = 405
    code = "method-not-allowed"
    zh = "该地址不支持此方法。"
    en = "The method is not allowed at this address."


class NotAcceptable(WebRefusal):
    """The route offers no media type that the client accepts."""

    status = 406
    code = "not-acceptable"
    zh = "无法提供所要求的媒体类型。"
    en = "None of the accepted media types is offered here."


class CursorGone(WebRefusal):
    """The cursor points behind the newest event: the feed was restored from an older state, or is another one."""

    status = 410
    code = "cursor-gone"
    zh = "游标指向的位置已不存在，请从 restart 给出的地址重新读取。"
    en = "The position of the cursor does not exist any more; start again from the address in restart."


class PreconditionRequired(WebRefusal):
    """The change needs `If-Match`, so that nobody overwrites what they have not seen."""

    status = 428
    code = "precondition-required"
    zh = "修改需要 If-Match 请求头，其值为最近一次读取所得的 ETag。"
    en = "The change needs an If-Match header with the ETag last read."


class PreconditionUnsupported(WebRefusal):
    """A write names a condition that it would not check."""

    status = 400
    code = "precondition-unsupported"
    zh = "此操作不支持请求头 {field}。"
    en = "This operation does not take the header field {field}."


class IfMatchUnreadable(WebRefusal):
    """`If-Match` does not contain an ETag of ours."""

    status = 412
    code = "if-match-unreadable"
    zh = "If-Match 不是本接口给出的强 ETag。"
    en = "If-Match holds no strong ETag of this interface."


class IdempotencyKeyRequired(WebRefusal):
    """A creating request needs one `Idempotency-Key`."""

    status = 400
    code = "idempotency-key-required"
    zh = "此请求需要且只能有一个 Idempotency-Key 请求头（1 至 255 个可见 ASCII 字符）。"
    en = "The request needs one Idempotency-Key header of 1 to 255 visible ASCII characters."


class IdempotencyKeyReused(WebRefusal):
    """The same key was used before with another body."""

    status = 422
    code = "idempotency-key-reused"
    zh = "该 Idempotency-Key 已用于另一个请求。"
    en = "The Idempotency-Key was used for another request."


class IdempotencyInFlight(Waitable):
    """The first request with this key is still being processed."""

    status = 409
    code = "idempotency-in-flight"
    zh = "使用同一 Idempotency-Key 的请求仍在处理中。"
    en = "A request with the same Idempotency-Key is still being worked on."


class CursorInvalid(WebRefusal):
    """The cursor was not issued for this filter and order."""

    status = 400
    code = "cursor-invalid"
    zh = "游标无效，或不属于当前的筛选与排序条件。"
    en = "The cursor is invalid, or belongs to another filter or sort."


class FilterValueUnknown(WebRefusal):
    """A filter names a value that nothing can have, so that its answer would be empty for ever."""

    status = 400
    code = "filter-value-unknown"
    zh = "查询参数 {parameter} 含有不存在的值。"
    en = "The query parameter {parameter} holds a value that does not exist."


class TooManyRequests(Waitable):
    """The quota of the window is spent."""

    status = 429
    code = "too-many-requests"
    zh = "请求过于频繁，请在 {seconds} 秒后重试。"
    en = "Too many requests; try again in {seconds} seconds."


class DatabaseUnavailable(Waitable):
    """The database cannot be reached or is too busy; nothing was stored."""

    status = 503
    code = "database-unavailable"
    zh = "数据库暂时不可用，请稍后重试。"
    en = "The database is unavailable for the moment; try again shortly."


class ServiceUnavailable(Waitable):
    """A part that the answer depends on does not respond."""

    status = 503
    code = "service-unavailable"
    zh = "服务暂时不可用，请稍后重试。"
    en = "The service is unavailable for the moment; try again shortly."


class InternalError(WebRefusal):
    """A defect of ours; the log has the details under the request id."""

    status = 500
    code = "internal-error"
    zh = "系统内部错误。请凭请求编号联系我们。"
    en = "An internal error. Please contact us with the request id."


class RequestInvalid(WebRefusal):
    """Fields of the request break their rules; `errors` names each."""

    status = 422
    code = "request-invalid"
    zh = "请求中有 {count} 处不符合要求，详见 errors。"
    en = "The request breaks a rule in {count} places; see errors."
