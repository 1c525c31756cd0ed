"""The variables of an environment that are meant for a service: which field each one sets, and which set nothing.

The service's own prefix (`REGISTRY_PORT`) beats the shared one (`MINGPAI_PORT`). An empty variable counts as absent.
"""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic_settings import EnvSettingsSource

from common.settings.fields import PLATFORM_WIDE, Fields

SHARED_PREFIX: Final = "MINGPAI_"
_MISSPELT: Final = 0.85
"""How alike a name with a service's prefix and a setting must be: other programs have variables with such prefixes."""


def own_prefix(service: str) -> str:
    """Return the prefix of the variables that are meant for one service."""
    return f"{service.upper()}_"


class Variables:
    """The values that an environment gives a service, and the variable that each came from."""

    def __init__(self, cls: type[Fields], service: str, environ: Mapping[str, str]) -> None:
        self._own_prefix = own_prefix(service)
        self._shared = _MappingSource(cls, SHARED_PREFIX, environ)()
        self._own = _MappingSource(cls, self._own_prefix, environ)()
        self._defaults = {name: str(cls.model_fields[name].default) for name in PLATFORM_WIDE}
        self.values: dict[str, Any] = {
            **self._shared,
            **{name: value for name, value in self._own.items() if name not in PLATFORM_WIDE},
        }

    def variable(self, field: str) -> str:
        """Return the variable that gave this field its value, the shared one if none did."""
        return f"{self._own_prefix if field in self._own else SHARED_PREFIX}{field.upper()}"

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with the variables themselves, each with its name."""
        for name in sorted(self._own.keys() & PLATFORM_WIDE):
            if self._own[name] != self._shared.get(name, self._defaults[name]):
                shared = f"{SHARED_PREFIX}{name.upper()}"
                yield f"{self.variable(name)}: a platform has one; remove it, and say in {shared} what holds for all"
        for name, value in self.values.items():
            if isinstance(value, str) and value != value.strip():
                yield f"{self.variable(name)}: begins or ends with a blank"


def giving(fields: Collection[str], services: Collection[str], environ: Mapping[str, str]) -> list[str]:
    """Return the variables that give any of these services one of these fields."""
    names = {f"{prefix}{field}".upper() for prefix in (SHARED_PREFIX, *map(own_prefix, services)) for field in fields}
    return sorted(variable for variable, value in environ.items() if value and variable.upper() in names)


def unknown(cls: type[Fields], services: Collection[str], environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the variables that look like settings of these services and set nothing, with the nearest that would.

    Every variable with the shared prefix is meant for us; one with a service's prefix only when it is nearly a setting.
    """
    known = [name.upper() for name in cls.model_fields]
    for variable in sorted(name for name, value in environ.items() if value):
        for prefix in (SHARED_PREFIX, *map(own_prefix, services)):
            rest = variable.upper().removeprefix(prefix)
            if rest == variable.upper() or rest in known:
                continue
            cutoff = 0.0 if prefix == SHARED_PREFIX else _MISSPELT
            for nearest in get_close_matches(rest, known, n=1, cutoff=cutoff):
                yield f"{variable}: is no setting; the nearest is {prefix}{nearest}"


class _MappingSource(EnvSettingsSource):
    """pydantic-settings' reading of variables, from a mapping instead of the process's environment."""

    def __init__(self, cls: type[Fields], prefix: str, environ: Mapping[str, str]) -> None:
        self._environ = environ
        super().__init__(cls, env_prefix=prefix, env_ignore_empty=True)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._environ.items() if value}
