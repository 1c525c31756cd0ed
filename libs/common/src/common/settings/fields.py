"""The fields of the settings, with their defaults: right for the embedded shape on loopback.

Only what a value may be by itself is checked here; what fits a shape or profile is judged by the modules beside.
"""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from common.codes.mail_address import SenderAddress
from common.observability.logging import LogFormat, LogLevel
from common.wire import WireSettings, parts

DEMO_CURSOR_SECRET: Final = "demo-cursor-secret-not-for-production"  # noqa: S105 -- public on purpose, refused in production
DEMO_MAIL_FROM: Final = "mingpai@example.org"
DEMO_SECRETS: Final = "demo-"
"""The prefix of every secret that is public on purpose."""
PLATFORM_WIDE: Final = frozenset({"profile", "shape", "url", "issuer", "audience", "clock_file", "bus"})
"""The fields of which a platform has one value: a service's own variable may only repeat it."""


class Shape(StrEnum):
    """How many processes there are."""

    EMBEDDED = "embedded"
    DISTRIBUTED = "distributed"


class Profile(StrEnum):
    """Whether results have legal effect."""

    DEMO = "demo"
    PRODUCTION = "production"


class KafkaSecurity(StrEnum):
    """The security protocol of the Kafka brokers, with Kafka's own names."""

    PLAINTEXT = "PLAINTEXT"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SSL = "SSL"
    SASL_SSL = "SASL_SSL"

    @property
    def encrypted(self) -> bool:
        """Whether the connection is encrypted."""
        return self in {KafkaSecurity.SSL, KafkaSecurity.SASL_SSL}

    @property
    def authenticated(self) -> bool:
        """Whether a user name and a password are given."""
        return self in {KafkaSecurity.SASL_PLAINTEXT, KafkaSecurity.SASL_SSL}


class Fields(WireSettings):
    """The values of the settings.

    `{service}`, `{data}` and `{port}` in addresses and paths stand for this service's name and settings.
    """

    shape: Shape = Field(default=Shape.EMBEDDED, description="`embedded`: one process; `distributed`: many.")
    profile: Profile = Field(
        default=Profile.DEMO,
        description="`demo` has personas, the movable legal clock and failpoints; `production` refuses all of these.",
    )
    url: str = Field(
        default="http://127.0.0.1:{port}",
        description="Origin that users see: the gateway's, or this process's. Events name their schema under it.",
    )
    data: Path = Field(default=Path("./var"), description="Folder of everything that is kept in files.")
    database_url: str = Field(
        default="sqlite:///{data}/{service}.db",
        repr=False,
        description="SQLAlchemy URL of the service's database, `sqlite:` or `postgresql:`; `{service}` is replaced.",
    )
    migration_url: str | None = Field(
        default=None,
        repr=False,
        description="URL by which the migrations reach a PostgreSQL database, as the role that owns the tables; needed"
        " only where migrations run. Production refuses the running role, which is the default.",
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
        description="Bucket of the attachments; it holds nothing else.",
    )
    files_region: str = Field(default="us-east-1", min_length=1, description="Region that the store is asked in.")
    files_access_key_id: str | None = Field(default=None, description="Access key id at the store of attachments.")
    files_secret_access_key: SecretStr | None = Field(
        default=None, description="Its secret; only that of `applications` needs the right to write."
    )
    files_cafile: Path | None = Field(
        default=None, description="Certificates that the store's are checked by, beside the system's."
    )
    files_quota: int = Field(
        default=2 * 1024**3, ge=1, description="Bytes of attachments that one organisation may have."
    )
    smtp_host: str = Field(default="127.0.0.1", description="Mail server.")
    smtp_port: int = Field(default=1025, ge=1, le=65535, description="Port of the mail server.")
    smtp_username: str | None = Field(default=None, description="User name at the mail server, if it asks for one.")
    smtp_password: SecretStr | None = Field(default=None, description="Password at the mail server.")
    smtp_starttls: bool = Field(default=False, description="Whether to demand STARTTLS.")
    mail_from: SenderAddress = Field(default=DEMO_MAIL_FROM, description="Sender address of mails.")
    cors_origins: Annotated[list[str], NoDecode, BeforeValidator(parts)] = Field(
        default=[], description="Origins of front ends on other hosts, with commas; `*` for all, in the demo only."
    )
    cursor_secret: SecretStr = Field(
        default=SecretStr(DEMO_CURSOR_SECRET),
        description="Key that signs page cursors, the same in all processes of a service; at least 32 characters.",
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
