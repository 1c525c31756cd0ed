"""The settings of every HTTP server of ours: where it listens, whom it believes, how long and how often one may call.

`common.settings.Settings` inherits them; they are here because a server and its limits need nothing else.
"""

from typing import Annotated, Final

import limits
from pydantic import AfterValidator, BeforeValidator, Field, IPvAnyNetwork
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

GATEWAY_IDLE_SECONDS: Final = 2
"""How long the gateway keeps an idle connection to a process: less than any process keeps it."""
_LONGEST: Final = 3600
"""The longest deadline of a connection, in seconds: without one, slow callers would hold all connections."""


def parts(value: object) -> object:
    """Return the parts of a list that is written with commas; anything but a text is returned unchanged."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _parsable_rate(text: str) -> str:
    if limits.parse(text).amount < 1:
        raise ValueError("would refuse every request; give at least 1")
    return text


Rate = Annotated[str, AfterValidator(_parsable_rate)]


class WireSettings(BaseSettings):
    """How a process speaks HTTP. Each limit counts per process."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    trusted_proxies: Annotated[list[IPvAnyNetwork], NoDecode, BeforeValidator(parts)] = Field(
        default=[],
        description="Addresses or networks, with commas, of the web servers in front whose `X-Forwarded-For` and"
        " `X-Forwarded-Proto` are believed; nobody else's are.",
    )
    connections: int = Field(
        default=500,
        ge=10,
        description="Connections at a time; on further ones only the health checks are answered, all else is 503.",
    )
    head_seconds: float = Field(
        default=10.0, gt=0, le=_LONGEST, description="Seconds within which the head of a request must have arrived."
    )
    body_seconds: float = Field(
        default=20.0,
        gt=0,
        le=_LONGEST,
        description="Seconds within which a body must have arrived, one more for each 16 KiB of it; also how long a"
        " client may take no byte of an answer.",
    )
    idle_seconds: int = Field(
        default=5,
        gt=GATEWAY_IDLE_SECONDS,
        le=_LONGEST,
        description=f"Seconds for which a silent connection is kept; the gateway gives up its own after"
        f" {GATEWAY_IDLE_SECONDS}.",
    )
    rate_limit: Rate = Field(
        default="6000/minute",
        description="Requests of one signed-in client and person, and reads without a token from one address.",
    )
    rate_limit_anonymous_writes: Rate | None = Field(
        default=None,
        description="Requests without an accepted token from one address that are not reads; by default a fiftieth of"
        " `MINGPAI_RATE_LIMIT`.",
    )
    rate_limit_tokens: Rate | None = Field(
        default=None,
        description="Requests at `/oauth/token` of the development issuer by one client from one address; by default a"
        " tenth of `MINGPAI_RATE_LIMIT`.",
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
        """Take values from the constructor alone, so that the environment is read in `Settings.for_service` only."""
        return (init_settings,)
