"""The launcher's own pages: `/` describes the platform with links, `/status` shows its state, `/readme` its README."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Response
from starlette.responses import PlainTextResponse

from common.web.site import Site
from embedded.pages.rendering import PAGES
from embedded.pages.status import Status, StatusSource


@dataclass(frozen=True, kw_only=True)
class Link:
    """One link of the root page, in both languages."""

    href: str
    zh: str
    en: str
    what_zh: str
    what_en: str


_API: Final = Link(
    href="/docs", zh="接口文档", en="API", what_zh="查看并试用全部接口。", what_en="Read and try every endpoint."
)
_EVENTS: Final = Link(
    href="/events-docs",
    zh="事件文档",
    en="Events",
    what_zh="每一种事件的内容与去向。",
    what_en="What each event holds and who may see it.",
)
_PROBLEMS: Final = Link(
    href="/problems",
    zh="错误代码",
    en="Problems",
    what_zh="每一种拒绝的代码、含义与处理办法。",
    what_en="Every refusal: its code, what it means, what to do.",
)
_MAILBOX: Final = Link(
    href="/mailbox",
    zh="邮箱",
    en="Mailbox",
    what_zh="平台发出的全部邮件。",
    what_en="Every mail the platform has sent.",
)
_STATUS: Final = Link(
    href="/status",
    zh="运行状态",
    en="Status",
    what_zh="四个服务、两个时钟、数据目录。",
    what_en="The four services, the two clocks, the data directory.",
)
_OPENAPI: Final = Link(
    href="/openapi.json",
    zh="OpenAPI 文件",
    en="document",
    what_zh="供程序生成客户端。",
    what_en="For generating clients.",
)
_ASYNCAPI: Final = Link(
    href="/asyncapi.json",
    zh="AsyncAPI 文件",
    en="document",
    what_zh="事件的机器可读说明。",
    what_en="The events, readable by programs.",
)
_README: Final = Link(
    href="/readme",
    zh="说明文件",
    en="README",
    what_zh="怎样运行、在哪里找到什么。",
    what_en="How to run it, what is where.",
)


def pages_app(source: StatusSource, *, url: str, demo: bool, mailbox: bool, readme: Path | None) -> FastAPI:
    """Return the application of the root, status and README pages; a page that is not served is not linked."""
    app = Site("Mingpai")
    links = [_API, _EVENTS, _PROBLEMS, *([_MAILBOX] if mailbox else []), _STATUS, _OPENAPI, _ASYNCAPI]
    if readme is not None:
        links.append(_README)
        text = readme.read_text("utf-8")

        @app.get("/readme")
        async def show_readme() -> Response:
            return PlainTextResponse(text, headers={"X-Content-Type-Options": "nosniff"})

    @app.get("/")
    async def root() -> Response:
        return PAGES.page("root.html", links=links, url=url, demo=demo)

    @app.get("/status")
    async def show_status() -> Response:
        return PAGES.page("status.html", status=await source.status(), demo=demo)

    @app.get("/status.json")
    async def read_status() -> Status:
        return await source.status()

    return app
