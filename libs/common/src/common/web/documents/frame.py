"""The frame of every page: rendered on the server, escaped, in both languages, without access to any other host."""

from datetime import datetime
from typing import Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from common.kernel.clock import SHANGHAI

_POLICY: Final = (
    "default-src 'none'; script-src {script}; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action {form_action}"
)


def local(at: datetime) -> str:
    """Return an instant in Beijing time, to the second."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


class Pages:
    """Renders the templates of one package, which extend `frame.html`."""

    def __init__(self, package: str) -> None:
        self._templates = Environment(
            loader=ChoiceLoader([PackageLoader(package), PackageLoader("common.web.documents")]),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["local"] = local

    def page(
        self,
        template: str,
        *,
        status_code: int = 200,
        script: str = "'none'",
        form_targets: str = "",
        cache: str = "no-store",
        **values: object,
    ) -> HTMLResponse:
        """Render a template.

        `script` is the source of scripts in the content security policy. `form_targets` are origins besides our own to
        which a form on the page may lead: browsers apply `form-action` to the redirect that follows a form as well.
        """
        headers = {
            "Content-Security-Policy": _POLICY.format(script=script, form_action=f"'self' {form_targets}".strip()),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": cache,
        }
        rendered = self._templates.get_template(template).render(values)
        return HTMLResponse(rendered, status_code=status_code, headers=headers)
