"""Reads the settings of a service, or of all services of a platform, from an environment, and refuses the unusable.

A process does it once, by `Settings.for_service` or `Settings.for_platform`, and passes them on; no other code reads
the environment. Every refusal names its variable.
"""

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import structlog
from pydantic import ValidationError
from sqlalchemy import make_url

from common.settings.faults import faults, unfit_for_shape
from common.settings.fields import Fields
from common.settings.production import unfit_for_production
from common.settings.variables import SHARED_PREFIX, Variables, own_prefix, unknown

log = structlog.get_logger(__name__)


class UnusableSettingsError(Exception):
    """The environment does not contain usable settings; `problems` names each variable and what is wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One line of docs/settings.md."""

    name: str
    variable: str
    default: str
    description: str


class Settings(Fields):
    """The settings of every service. A service that needs more subclasses it in its own `settings.py`."""

    @classmethod
    def for_service(cls, service: str, environ: Mapping[str, str] | None = None) -> Self:
        """Read and check the settings of a service; `environ` is the process's environment unless a test gives one.

        Raises UnusableSettingsError naming every variable that is wrong. An empty variable counts as absent.
        """
        given = os.environ if environ is None else environ
        variables = Variables(cls, service, given)
        problems = list(variables.problems())
        try:
            read = cls(**variables.values)
        except ValidationError as error:
            problems += [f"{variables.variable(str(each['loc'][0]))}: {each['msg']}" for each in error.errors()]
            raise UnusableSettingsError(problems) from None
        settings = read.model_copy(update=_filled_in(read, service))
        found = [*faults(settings), *unfit_for_shape(settings)]
        if settings.is_production:
            found += unfit_for_production(settings)
            problems += unknown(cls, [service], given)
        problems += [f"{variables.variable(field)}: {problem}" for field, problem in found]
        if problems:
            raise UnusableSettingsError(problems)
        return settings

    @classmethod
    def for_platform(cls, services: Collection[str], environ: Mapping[str, str]) -> dict[str, Self]:
        """Read and check the settings of services that share one process, by name.

        Raises UnusableSettingsError naming every variable that is wrong for any of them, also when two would share a
        file or a database.
        """
        settings: dict[str, Self] = {}
        problems: dict[str, None] = {}
        for service in services:
            try:
                settings[service] = cls.for_service(service, environ)
            except UnusableSettingsError as error:
                problems |= dict.fromkeys(error.problems)
        if not problems:
            names = {service: Variables(cls, service, environ).variable("database_url") for service in services}
            problems |= dict.fromkeys(_shared_databases(settings, names))
        if problems:
            raise UnusableSettingsError(list(problems))
        return settings

    @classmethod
    def warn_of_unknown(cls, services: Collection[str], environ: Mapping[str, str] | None = None) -> None:
        """Log each variable that looks like a setting of these services and is none; production refuses it."""
        for problem in unknown(cls, services, os.environ if environ is None else environ):
            log.warning("setting-unknown", problem=problem)

    @classmethod
    def sources(cls, service: str | None = None) -> tuple[Setting, ...]:
        """Return every setting with its variable, for the generated page; shared unless a service is given."""
        prefix = SHARED_PREFIX if service is None else own_prefix(service)
        return tuple(
            Setting(
                name=name,
                variable=f"{prefix}{name.upper()}",
                default="" if field.default in (None, []) else str(field.default),
                description=field.description or "",
            )
            for name, field in cls.model_fields.items()
        )


def _shared_databases(settings: Mapping[str, Fields], variables: Mapping[str, str]) -> Iterator[str]:
    """Yield the variables by which a service gets the database of another one."""
    owners: dict[object, str] = {}
    for service, own in settings.items():
        url = make_url(own.database_url)
        database = Path(url.database or "").resolve() if url.get_backend_name() == "sqlite" else url
        first = owners.setdefault(database, service)
        if first != service:
            yield f"{variables[service]}: {service} needs a database of its own, not that of {first}; write {{service}}"


def _filled_in(settings: Fields, service: str) -> dict[str, object]:
    """Return the fields with replaced placeholders; without format strings, because passwords may contain braces."""

    def fill(text: object) -> str:
        replaced = str(text).replace("{service}", service).replace("{port}", str(settings.port))
        return replaced.replace("{data}", str(settings.data))

    clock_file = settings.clock_file
    if clock_file is None and not settings.is_production:
        clock_file = Path("{data}/demo-clock.json")
    return {
        "database_url": fill(settings.database_url),
        "url": fill(settings.url).removesuffix("/"),
        "migration_url": None if settings.migration_url is None else fill(settings.migration_url),
        "issuer": fill(settings.issuer),
        "bus": Path(fill(settings.bus)),
        "files": Path(fill(settings.files)),
        "clock_file": None if clock_file is None else Path(fill(clock_file)),
    }
