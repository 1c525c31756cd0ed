"""The settings of a service: its own prefix (`REGISTRY_PORT`) beats the shared one (`MINGPAI_PORT`).

Built by `common/service.py` and nowhere else; nobody else reads the environment. Defaults are right for the embedded
shape on loopback. What a production or distributed start must not have is refused here, naming the variable.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Self
from urllib.parse import urlsplit

import limits
from pydantic import AfterValidator, AnyHttpUrl, BeforeValidator, Field, SecretStr, TypeAdapter, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from common.logging import LogFormat, LogLevel

SHARED_PREFIX: Final = "MINGPAI_"
DEMO_CURSOR_SECRET: Final = "demo-cursor-secret-not-for-production"  # noqa: S105 -- public on purpose, refused in production
DEMO_SECRETS: Final = "demo-"
"""How every secret begins that is open on purpose."""
_SECRET_LENGTH: Final = 32
_HTTP_URL: Final = TypeAdapter(AnyHttpUrl)


class Shape(StrEnum):
    """How many processes there are."""

    EMBEDDED = "embedded"
    DISTRIBUTED = "distributed"


class Profile(StrEnum):
    """Whether what happens has consequences."""

    DEMO = "demo"
    PRODUCTION = "production"


class KafkaSecurity(StrEnum):
    """How a Kafka broker is spoken to, in Kafka's own words."""

    PLAINTEXT = "PLAINTEXT"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SSL = "SSL"
    SASL_SSL = "SASL_SSL"

    @property
    def encrypted(self) -> bool:
        """Whether nobody on the way can read it."""
        return self in {KafkaSecurity.SSL, KafkaSecurity.SASL_SSL}

    @property
    def authenticated(self) -> bool:
        """Whether a user name and a password are given."""
        return self in {KafkaSecurity.SASL_PLAINTEXT, KafkaSecurity.SASL_SSL}


class UnusableSettingsError(Exception):
    """The environment does not make a service; `problems` names each variable and what is wrong with it."""

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


def _parsable_rate(text: str) -> str:
    limits.parse(text)
    return text


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class Settings(BaseSettings):
    """What every service can be told. A service that needs more subclasses it in its own `settings.py`.

    `{service}`, `{data}` and `{port}` in addresses and paths stand for this service's name and settings.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)

    shape: Shape = Field(default=Shape.EMBEDDED, description="`embedded`: one process; `distributed`: many.")
    profile: Profile = Field(
        default=Profile.DEMO,
        description="`demo` has personas, the movable legal clock and failpoints; `production` refuses all of these.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    data: Path = Field(default=Path("./var"), description="Folder of everything that is kept in files.")
    database_url: str = Field(
        default="sqlite:///{data}/{service}.db",
        repr=False,
        description="SQLAlchemy URL of the service's database, `sqlite:` or `postgresql:`; `{service}` is replaced.",
    )
    bus: Path = Field(default=Path("{data}/bus.db"), description="File of the embedded event log.")
    kafka_bootstrap_servers: str | None = Field(
        default=None, description="Kafka brokers, `host:port` with commas; without them the embedded log is used."
    )
    kafka_security: KafkaSecurity = Field(
        default=KafkaSecurity.PLAINTEXT,
        description="`PLAINTEXT`, `SASL_PLAINTEXT`, `SSL` or `SASL_SSL`; `SASL` logs in by SCRAM-SHA-512.",
    )
    kafka_username: str | None = Field(default=None, description="User name at the Kafka brokers.")
    kafka_password: SecretStr | None = Field(default=None, description="Password at the Kafka brokers.")
    kafka_cafile: Path | None = Field(
        default=None, description="Certificates that the Kafka brokers' are checked by; without it the system's."
    )
    issuer: str = Field(
        default="http://127.0.0.1:{port}",
        description="OIDC issuer whose tokens are accepted; the default is the development issuer.",
    )
    issuer_address: str | None = Field(
        default=None,
        description="Base URL at which the issuer's keys are fetched when `MINGPAI_ISSUER` does not lead there, as in"
        " containers; tokens still have to name `MINGPAI_ISSUER`.",
    )
    audience: str = Field(default="mingpai", min_length=1, description="What a token must name as its audience.")
    clock_file: Path | None = Field(
        default=None, description="File of the movable legal clock; in the demo `{data}/demo-clock.json`."
    )
    files: Path = Field(default=Path("{data}/files"), description="Folder of the attachments.")
    files_endpoint: str | None = Field(
        default=None,
        description="S3-compatible store of the attachments, e.g. `https://s3.example.org`; without it the folder.",
    )
    files_bucket: str = Field(
        default="mingpai",
        pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        description="Bucket of the attachments, in which nothing else lies.",
    )
    files_region: str = Field(default="us-east-1", min_length=1, description="Region that the store is asked in.")
    files_access_key_id: str | None = Field(default=None, description="Access key id at the store of attachments.")
    files_secret_access_key: SecretStr | None = Field(
        default=None, description="Its secret; only that of `applications` needs the right to write."
    )
    files_cafile: Path | None = Field(
        default=None, description="Certificates that the store's are checked by, beside the system's."
    )
    smtp_host: str = Field(default="127.0.0.1", description="Mail server.")
    smtp_port: int = Field(default=1025, ge=1, le=65535, description="Port of the mail server.")
    smtp_username: str | None = Field(default=None, description="User name at the mail server, if it asks for one.")
    smtp_password: SecretStr | None = Field(default=None, description="Password at the mail server.")
    smtp_starttls: bool = Field(default=False, description="Whether to demand STARTTLS.")
    mail_from: str = Field(default="mingpai@example.org", min_length=3, description="Sender address of mails.")
    cors_origins: Annotated[list[str], NoDecode, BeforeValidator(_split)] = Field(
        default=[], description="Origins of front ends on other hosts, with commas; `*` for all, in the demo only."
    )
    cursor_secret: SecretStr = Field(
        default=SecretStr(DEMO_CURSOR_SECRET),
        description="Key that signs page cursors, the same in all processes of a service; at least 32 characters.",
    )
    rate_limit: Annotated[str, AfterValidator(_parsable_rate)] = Field(
        default="600/minute", description="Requests that one client may make, per process."
    )
    log_level: LogLevel = Field(default="INFO", description="Least important level that is logged.")
    log_format: LogFormat = Field(default="console", description="`console` for people, `json` for machines.")
    otlp_endpoint: str | None = Field(
        default=None,
        description="OTLP/HTTP collector that traces go to (its `/v1/traces`), e.g. `http://127.0.0.1:4318`.",
    )
    failpoint: str | None = Field(
        default=None, description="`<service>.<point>[:n]`: kills the process there at the n-th pass; demo only."
    )
    idempotency_hours: int = Field(
        default=72, ge=1, le=8760, description="Hours for which the answer to an Idempotency-Key is kept."
    )

    @property
    def idempotency_window(self) -> timedelta:
        """How long the answer to an Idempotency-Key is kept."""
        return timedelta(hours=self.idempotency_hours)

    @property
    def is_production(self) -> bool:
        """Whether demo means are refused."""
        return self.profile is Profile.PRODUCTION

    @classmethod
    def for_service(cls, service: str, environ: Mapping[str, str] | None = None) -> Self:
        """Read and check the settings of a service; `environ` is the process's environment unless a test gives one.

        Raises UnusableSettingsError naming every variable that is wrong. An empty variable counts as absent.
        """
        source = _Environment(cls, service, os.environ if environ is None else environ)
        try:
            given = cls(**source.values)
        except ValidationError as error:
            raise UnusableSettingsError(
                [f"{source.variable(str(each['loc'][0]))}: {each['msg']}" for each in error.errors()]
            ) from None
        settings = given.model_copy(update=_filled_in(given, service))
        problems = [*_faults(settings), *_unfit_for_shape(settings)]
        if settings.is_production:
            problems += _unfit_for_production(settings)
        if problems:
            raise UnusableSettingsError([f"{source.variable(field)}: {problem}" for field, problem in problems])
        return settings

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

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 -- pydantic-settings' signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- as above
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- as above
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from the constructor alone, so that the environment is read in `for_service` only."""
        return (init_settings,)


def own_prefix(service: str) -> str:
    """Return the prefix of the variables that are meant for one service."""
    return f"{service.upper()}_"


def _filled_in(settings: Settings, service: str) -> dict[str, object]:
    """Return the fields whose placeholders are replaced; not by format strings, since passwords hold braces."""

    def fill(text: object) -> str:
        replaced = str(text).replace("{service}", service).replace("{port}", str(settings.port))
        return replaced.replace("{data}", str(settings.data))

    clock_file = settings.clock_file
    if clock_file is None and not settings.is_production:
        clock_file = Path("{data}/demo-clock.json")
    return {
        "database_url": fill(settings.database_url),
        "issuer": fill(settings.issuer),
        "bus": Path(fill(settings.bus)),
        "files": Path(fill(settings.files)),
        "clock_file": None if clock_file is None else Path(fill(clock_file)),
    }


def _faults(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the filled-in fields that are wrong anywhere, with the reason."""
    if not settings.database_url.startswith(("sqlite", "postgresql")):
        yield "database_url", "must be a sqlite: or postgresql: URL"
    if settings.kafka_security.authenticated:
        for field in ("kafka_username", "kafka_password"):
            if getattr(settings, field) is None:
                yield field, f"{settings.kafka_security} asks for it"
    if settings.files_endpoint is not None:
        for field in ("files_access_key_id", "files_secret_access_key"):
            if getattr(settings, field) is None:
                yield field, "the store of attachments asks for it"
    for field in ("issuer", "issuer_address", "otlp_endpoint", "files_endpoint"):
        given = getattr(settings, field)
        if given is not None and not _is_http_url(given):
            yield field, "must be an http: or https: URL"


def _is_http_url(text: str) -> bool:
    try:
        # Only looked at, never replaced: an issuer is compared letter by letter.
        _HTTP_URL.validate_python(text)
    except ValidationError:
        return False
    return True


def _is_loopback(servers: str) -> bool:
    """Tell whether every `host:port` is this machine; none at all counts as such."""
    hosts = [each.strip().rpartition(":")[0] for each in servers.split(",") if each.strip()]
    return all(host in {"localhost", "[::1]", "::1"} or host.startswith("127.") for host in hosts)


def _unfit_for_shape(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the fields with which several processes cannot work, with the reason."""
    if settings.shape is not Shape.DISTRIBUTED:
        return
    if settings.database_url.startswith("sqlite"):
        yield "database_url", "the distributed shape refuses SQLite; give a postgresql: URL"
    if settings.kafka_bootstrap_servers is None:
        yield "kafka_bootstrap_servers", "the distributed shape refuses the embedded log; name the Kafka brokers"


def _unfit_for_production(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the fields that only a demo may have, with the reason."""
    if settings.issuer == f"http://127.0.0.1:{settings.port}":
        yield "issuer", "production refuses the development issuer; name your own"
    if settings.issuer.startswith("https:") and (settings.issuer_address or "").startswith("http:"):
        yield "issuer_address", "production refuses the keys of an https: issuer from an http: address"
    cursor_secret = settings.cursor_secret.get_secret_value()
    if cursor_secret == DEMO_CURSOR_SECRET:
        yield "cursor_secret", "production refuses the demo's secret; give your own"
    elif len(cursor_secret) < _SECRET_LENGTH:
        yield "cursor_secret", f"production refuses a secret of less than {_SECRET_LENGTH} characters"
    if not settings.kafka_security.encrypted and not _is_loopback(settings.kafka_bootstrap_servers or ""):
        yield "kafka_security", "production refuses brokers beyond this machine without TLS; say SSL or SASL_SSL"
    yield from _unsafe_files(settings)
    if any("*" in origin for origin in settings.cors_origins):
        yield "cors_origins", "production refuses wildcard origins; name each"
    if settings.failpoint is not None:
        yield "failpoint", "production refuses failpoints"
    if settings.clock_file is not None:
        yield "clock_file", "production refuses the movable legal clock"


def _unsafe_files(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the fields by which attachments could be read or written by others, with the reason."""
    at = urlsplit(settings.files_endpoint or "")
    if at.scheme == "http" and not _is_loopback(f"{at.hostname}:{at.port}"):
        yield "files_endpoint", "production refuses a store beyond this machine without TLS; say https:"
    secret = settings.files_secret_access_key
    if secret is not None and secret.get_secret_value().startswith(DEMO_SECRETS):
        yield "files_secret_access_key", "production refuses the demo's secret; give your own"


class _Environment:
    """The values that an environment gives a service, and the variable that each came from."""

    def __init__(self, cls: type[Settings], service: str, environ: Mapping[str, str]) -> None:
        self._own_prefix = own_prefix(service)
        shared = _MappingSource(cls, SHARED_PREFIX, environ)()
        self._own = _MappingSource(cls, self._own_prefix, environ)()
        self.values: dict[str, Any] = {**shared, **self._own}

    def variable(self, field: str) -> str:
        """Return the variable that gave this field its value, the shared one if none did."""
        return f"{self._own_prefix if field in self._own else SHARED_PREFIX}{field.upper()}"


class _MappingSource(EnvSettingsSource):
    """pydantic-settings' reading of variables, from a mapping instead of the process's environment."""

    def __init__(self, cls: type[Settings], prefix: str, environ: Mapping[str, str]) -> None:
        self._environ = environ
        super().__init__(cls, env_prefix=prefix, env_ignore_empty=True)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._environ.items() if value}
