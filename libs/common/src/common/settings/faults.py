"""The settings that are wrong in every profile, and those with which a shape cannot work; each with the reason."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from common.codes.addresses import is_http_url, is_origin
from common.settings.fields import Fields, Shape


def faults(settings: Fields) -> Iterator[tuple[str, str]]:
    """Yield the filled-in fields that are wrong in every shape and profile, with the reason."""
    yield from _unusable_database(settings)
    yield from _unusable_roles(settings)
    yield from _halves_of_logins(settings)
    yield from _unusable_origins(settings)
    for field in ("issuer", "issuer_address", "otlp_endpoint", "files_endpoint"):
        given = getattr(settings, field)
        if given is not None and not is_http_url(given):
            yield field, "must be an http: or https: URL"


def _unusable_origins(settings: Fields) -> Iterator[tuple[str, str]]:
    if not is_origin(settings.url):
        yield "url", "must be an origin, https://host or https://host:port: no user, path or query"
    for origin in settings.cors_origins:
        if "*" not in origin and origin.lower() != "null" and not is_origin(origin):
            yield "cors_origins", f"{origin!r} is no origin as browsers send it: https://host, with no / at the end"


def _halves_of_logins(settings: Fields) -> Iterator[tuple[str, str]]:
    """Yield the user names and passwords that are missing beside the other one."""
    if settings.kafka_security.authenticated:
        for field in ("kafka_username", "kafka_password"):
            if getattr(settings, field) is None:
                yield field, f"{settings.kafka_security} asks for it"
    if settings.files_endpoint is not None:
        for field in ("files_access_key_id", "files_secret_access_key"):
            if getattr(settings, field) is None:
                yield field, "the store of attachments asks for it"
    for field, other in (("smtp_username", "smtp_password"), ("smtp_password", "smtp_username")):
        if getattr(settings, field) is None and getattr(settings, other) is not None:
            yield field, f"a mail server that is given {other} asks for it too"


def _unusable_database(settings: Fields) -> Iterator[tuple[str, str]]:
    if not settings.database_url.startswith(("sqlite", "postgresql")):
        yield "database_url", "must be a sqlite: or postgresql: URL"
        return
    try:
        url = make_url(settings.database_url)
    except ArgumentError:
        yield "database_url", "must be a sqlite: or postgresql: URL"
        return
    if url.get_backend_name() != "sqlite":
        return
    if url.database in {None, "", ":memory:"} or "mode" in url.query:
        yield "database_url", "must name a file, as in sqlite:///{data}/{service}.db: all rows would be lost at the end"
    elif Path(url.database or "").resolve() == settings.bus.resolve():
        yield "database_url", "must be another file than MINGPAI_BUS, the event log"


def _unusable_roles(settings: Fields) -> Iterator[tuple[str, str]]:
    """Yield the database URLs that cannot stand beside each other as those of two roles, with the reason."""
    if settings.migration_url is None:
        return
    for field, url in (("migration_url", settings.migration_url), ("database_url", settings.database_url)):
        if not url.startswith("postgresql"):
            yield field, "must be a postgresql: URL: only on PostgreSQL a role of its own owns the tables"
        elif not urlsplit(url).username:
            yield field, "must name its role"


def unfit_for_shape(settings: Fields) -> Iterator[tuple[str, str]]:
    """Yield the fields with which several processes cannot work, with the reason."""
    if settings.shape is not Shape.DISTRIBUTED:
        return
    if settings.database_url.startswith("sqlite"):
        yield "database_url", "the distributed shape refuses SQLite; give a postgresql: URL"
    if settings.kafka_bootstrap_servers is None:
        yield "kafka_bootstrap_servers", "the distributed shape refuses the embedded log; name the Kafka brokers"
