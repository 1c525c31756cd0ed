"""Renders the launcher's pages: escaped, bilingual, with a policy that lets no page call another host or be framed."""

from datetime import datetime
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from common.clock import SHANGHAI

_TEMPLATES: Final = Environment(
    loader=PackageLoader("embedded", "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def local(at: datetime) -> str:
    """Return an instant as people in Shandong read it, to the second."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


_TEMPLATES.globals["local"] = local


def page(template: str, *, status_code: int = 200, form_targets: str = "", **values: object) -> HTMLResponse:
    """Render a template of `embedded/templates`.

    `form_targets` are origins besides our own to which a form on the page may lead: browsers apply `form-action` to
    the redirect that follows a form as well.
    """
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self' {form_targets}"
    )
    headers = {
        "Content-Security-Policy": policy.strip(),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(_TEMPLATES.get_template(template).render(values), status_code=status_code, headers=headers)
