"""The pages that explain the interface: `/docs`, `/events-docs`, and one for every problem code.

Server-rendered, escaped, Chinese first; scripts and styles come from `static/` and no page ever calls another host: the
policy sent along forbids it.
"""

from html import escape
from pathlib import Path
from string import Formatter
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from common.errors import MingpaiError
from common.web.problems import problem_codes, status_of, title_of
from common.web.refusals import PathNotFound, WebRefusal

STATIC: Final = Path(__file__).parent / "static"

_POLICY: Final = (
    "default-src 'none'; script-src {script}; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_PLAIN: Final = _POLICY.format(script="'none'")
_SWAGGER: Final = _POLICY.format(script="'self'")
# The AsyncAPI viewer compiles JSON Schemas to functions in the browser.
_ASYNCAPI: Final = _POLICY.format(script="'self' 'unsafe-eval'")

# What a reader can do about a status: Chinese, English.
_ADVICE: Final = {
    400: ("请按说明改正请求后重新发送。", "Correct the request as told and send it again."),
    401: ("请取得访问令牌后再试。", "Get an access token and try again."),
    403: ("请由具有相应角色的人员办理。", "Let somebody with the role do it."),
    404: (
        "请检查编号；不属于您的事项同样显示为不存在。",
        "Check the id; what is not yours looks the same as what is not there.",
    ),
    409: (
        "请重新读取该事项，并按 allowed_actions 选择可以执行的操作。",
        "Read the thing again and choose from its allowed_actions.",
    ),
    410: ("请按 problem 文档给出的地址重新开始。", "Start again from the address that the problem document names."),
    412: ("请重新读取以取得新的 ETag，确认后再修改。", "Read it again for the new ETag, then decide on the change."),
    413: ("请减小请求正文，或分批发送。", "Send less, or in several parts."),
    415: ("请以 application/json 发送。", "Send application/json."),
    422: ("请按 errors 中的位置和说明逐项改正。", "Correct each place that errors names."),
    428: ("请先读取并带上 If-Match。", "Read first and send If-Match."),
    429: ("请等待 Retry-After 所示的秒数。", "Wait for the seconds in Retry-After."),
    500: ("这是我们的问题；请凭 request_id 联系我们。", "This is our fault; contact us with the request_id."),
    503: ("请等待 Retry-After 所示的秒数后重试。", "Try again after the seconds in Retry-After."),
}


def install(app: FastAPI) -> None:
    """Give the app the pages and the files they use."""
    app.include_router(_routes())
    app.mount("/static", StaticFiles(directory=STATIC), name="static")


def _routes() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs() -> HTMLResponse:
        return _viewer(
            "接口文档", "API", styles=["swagger-ui/swagger-ui.css"], script="swagger-ui/swagger-ui-bundle.js"
        )

    @router.get("/events-docs")
    async def events_docs() -> HTMLResponse:
        return _viewer("事件文档", "Events", styles=["asyncapi/default.min.css"], script="asyncapi/index.js")

    @router.get("/problems")
    async def problems() -> HTMLResponse:
        return _page("错误代码", "Problem codes", _problem_list())

    @router.get("/problems/{code}")
    async def problem(code: str) -> HTMLResponse:
        kind = problem_codes().get(code)
        if kind is None:
            raise PathNotFound
        return _page(code, title_of(status_of(kind), "en"), _problem(kind))

    return router


def _viewer(zh: str, en: str, *, styles: list[str], script: str) -> HTMLResponse:
    start = "docs.js" if script.startswith("swagger") else "events-docs.js"
    return _page(
        zh,
        en,
        '<div id="viewer"></div><noscript>此页需要 JavaScript。 This page needs JavaScript.</noscript>',
        styles=styles,
        scripts=[script, start],
        policy=_SWAGGER if start == "docs.js" else _ASYNCAPI,
    )


def _page(
    zh: str,
    en: str,
    main: str,
    *,
    styles: list[str] | None = None,
    scripts: list[str] | None = None,
    policy: str = _PLAIN,
) -> HTMLResponse:
    """Return a page of our frame; `main` is HTML, everything else is text."""
    sheets = "".join(f'<link rel="stylesheet" href="/static/{name}">\n' for name in [*(styles or []), "mingpai.css"])
    loaded = "".join(f'<script src="/static/{name}"></script>\n' for name in scripts or [])
    wide = scripts is not None
    return HTMLResponse(
        f"""<!doctype html>
<html lang="zh-CN"{' class="light"' if wide else ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(zh)} {escape(en)} · 名牌 Mingpai</title>
<link rel="icon" href="data:,">
{sheets}</head>
<body>
<header class="site-header">
<a class="brand" href="/">名牌 <span lang="en">Mingpai</span></a>
<nav aria-label="主导航 Main">
<a href="/docs">接口 <span lang="en">API</span></a>
<a href="/events-docs">事件 <span lang="en">Events</span></a>
<a href="/problems">错误代码 <span lang="en">Problems</span></a>
</nav>
</header>
<main{' class="wide"' if wide else ""}>
{main}
</main>
{loaded}</body>
</html>
""",
        headers={
            "Content-Security-Policy": policy,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-cache",
        },
    )


def _problem_list() -> str:
    rows = "".join(
        f'<tr><th scope="row"><a href="/problems/{code}"><code>{code}</code></a></th><td>{status_of(kind)}</td>'
        f'<td>{_template(kind.zh)}<br><span lang="en">{_template(kind.en)}</span></td></tr>\n'
        for code, kind in problem_codes().items()
    )
    return f"""<h1>错误代码 <small lang="en">Problem codes</small></h1>
<p>每个拒绝都有固定的代码，程序据此判断；文字供人阅读。
<span lang="en">Every refusal has a stable code for programs and a sentence for people.</span></p>
<table>
<thead><tr><th scope="col">代码 <span lang="en">Code</span></th><th scope="col">HTTP</th>
<th scope="col">说明 <span lang="en">What it says</span></th></tr></thead>
<tbody>
{rows}</tbody>
</table>"""


def _problem(kind: type[MingpaiError]) -> str:
    status = status_of(kind)
    retryable = issubclass(kind, WebRefusal) and kind.retryable
    zh, en = _ADVICE.get(status, _ADVICE[400])
    again = ("可以稍后重试", "retry later") if retryable else ("重试无效", "retrying does not help")
    return f"""<p><a href="/problems">← 错误代码 <span lang="en">Problem codes</span></a></p>
<h1><code>{kind.code}</code>
<small>{status} {title_of(status, "zh")} <span lang="en">{title_of(status, "en")}</span></small></h1>
<div class="statement">
<p>{_template(kind.zh)}</p>
<p lang="en">{_template(kind.en)}</p>
</div>
<dl class="facts">
<dt>如何处理 <span lang="en">What to do</span></dt><dd>{zh}<br><span lang="en">{en}</span></dd>
<dt>重试 <span lang="en">Retry</span></dt><dd>{again[0]} <span lang="en">{again[1]}</span></dd>
<dt>HTTP</dt><dd><code>{status}</code></dd>
</dl>"""


def _template(text: str) -> str:
    """Show a text with its parameters as names."""
    return "".join(
        escape(literal) + (f"<code>{escape(name)}</code>" if name else "")
        for literal, name, _, _ in Formatter().parse(text)
    )
