"""docs/settings.md: every variable with its default and meaning, and the settings that each kind of start refuses."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from common.service import Service
from common.settings import SHARED_PREFIX, Settings, UnusableSettingsError, own_prefix
from embedded.docs.markdown import code, codes, table
from embedded.docs.sources import modules

_INTRODUCTION: Final = """\
# Settings

Generated from the code by `make docs`; change the field in
[`common.settings`](../libs/common/src/common/settings/fields.py), not this page.

Settings are environment variables. A service's own prefix beats the shared one, so `REGISTRY_DATABASE_URL` is the
registry's and `MINGPAI_DATABASE_URL` everybody else's. An empty variable counts as absent. The defaults are right for
the embedded shape on one machine. In addresses and paths `{service}`, `{data}` and `{port}` are replaced.
"""
_UNFIT_FOR_PRODUCTION: Final[Mapping[str, str]] = {
    "MINGPAI_PROFILE": "production",
    "MINGPAI_TRUSTED_PROXIES": "0.0.0.0/0",
    "MINGPAI_CORS_ORIGINS": "*",
    "MINGPAI_FAILPOINT": "registry.before-commit",
    "MINGPAI_CLOCK_FILE": "clock.json",
}
_UNFIT_FOR_MANY: Final[Mapping[str, str]] = {"MINGPAI_SHAPE": "distributed"}


def settings_page(services: Sequence[Service]) -> str:
    """Return the page."""
    return "\n".join([_INTRODUCTION, *_lines(services)])


def _lines(services: Sequence[Service]) -> Iterator[str]:
    yield "## Shared"
    yield ""
    yield from _variables(Settings, None)
    yield "## Per service"
    yield ""
    yield from table(
        ("Service", "Prefix", "Only here"),
        ((service.name, code(own_prefix(service.name)), _only_here(service)) for service in services),
    )
    for title, environ in (
        ("What `MINGPAI_PROFILE=production` refuses", _UNFIT_FOR_PRODUCTION),
        ("What `MINGPAI_SHAPE=distributed` refuses", _UNFIT_FOR_MANY),
    ):
        yield f"## {title}"
        yield ""
        yield from table(("Variable", "Why"), _refused(environ))


def _variables(settings: type[Settings], service: str | None) -> Iterator[str]:
    yield from table(
        ("Variable", "Default", "Meaning"),
        (
            (code(one.variable), code(one.default) if one.default else "(none)", one.description)
            for one in settings.sources(service)
        ),
    )


def _only_here(service: Service) -> str:
    """Name the variables that a service adds in its own `settings.py`."""
    for module in modules(service.package):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, Settings) and kind.__module__ == module.__name__:
                own = kind.model_fields.keys() - Settings.model_fields.keys()
                return codes(one.variable for one in kind.sources(service.name) if one.name in own)
    return "(none)"


def _refused(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Try a start in which all these settings are wrong; return each refused setting with the reason."""
    try:
        Settings.for_service(SHARED_PREFIX.strip("_").lower(), environ)
    except UnusableSettingsError as error:
        return [(code(name), reason) for name, _, reason in (one.partition(": ") for one in error.problems)]
    raise ValueError(f"{', '.join(environ)} should have been refused")
