"""The settings that only a demo may have: what production refuses, each with the reason.

A result of production has legal effect, so everything here is refused, never repaired.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from common.codes.addresses import (
    believes_too_many,
    is_on_this_machine,
    is_plain_elsewhere,
    leads_here,
    origin_of,
)
from common.codes.secrets import KEY_BITS, PASSWORD_BITS, bits
from common.settings.fields import DEMO_CURSOR_SECRET, DEMO_MAIL_FROM, DEMO_SECRETS, Fields, Shape

_SECRET_LENGTH: Final = 32


def unfit_for_production(settings: Fields) -> Iterator[tuple[str, str]]:
    """Yield the fields that only a demo may have, with the reason."""
    if leads_here(settings.url):
        yield "url", "production refuses this machine's loopback address; name the origin that users see"
    elif not settings.url.startswith("https:"):
        yield "url", "production refuses an origin without TLS; say https:"
    yield from _unsafe_issuer(settings)
    yield from _weak_secrets(settings)
    yield from _unencrypted(settings)
    yield from _unfit_proxies(settings)
    if any("*" in origin for origin in settings.cors_origins):
        yield "cors_origins", "production refuses wildcard origins; name each"
    if any(origin.lower() == "null" for origin in settings.cors_origins):
        yield "cors_origins", "production refuses the origin null, which every local file and sandboxed page has"
    if settings.mail_from == DEMO_MAIL_FROM:
        yield "mail_from", "production refuses the demo's sender; name your own"
    if settings.failpoint is not None:
        yield "failpoint", "production refuses failpoints"
    if settings.clock_file is not None:
        yield "clock_file", "production refuses the movable legal clock"


def _unfit_proxies(settings: Fields) -> Iterator[tuple[str, str]]:
    """Yield the setting by which callers could invent their address, or would all have the same one."""
    if believes_too_many(settings.trusted_proxies):
        yield "trusted_proxies", "production refuses to believe every address; name the web server in front"
    if settings.shape is Shape.DISTRIBUTED and not settings.trusted_proxies:
        yield "trusted_proxies", "behind the gateway all callers would have its address; name the gateway"


def _unsafe_issuer(settings: Fields) -> Iterator[tuple[str, str]]:
    own = {origin_of(settings.url), f"http://127.0.0.1:{settings.port}", f"http://localhost:{settings.port}"}
    if origin_of(settings.issuer) in own:
        yield "issuer", "production refuses the development issuer; name your own"
    elif is_plain_elsewhere(settings.issuer):
        yield "issuer", "production refuses an issuer beyond this machine without TLS; say https:"
    if settings.issuer.startswith("https:") and (settings.issuer_address or "").startswith("http:"):
        yield "issuer_address", "production refuses the keys of an https: issuer from an http: address"
    elif is_plain_elsewhere(settings.issuer_address):
        yield "issuer_address", "production refuses keys from beyond this machine without TLS; say https:"


def _weak_secrets(settings: Fields) -> Iterator[tuple[str, str]]:
    """Yield the secrets that are public or can be guessed, with the reason."""
    key = settings.cursor_secret.get_secret_value()
    if key == DEMO_CURSOR_SECRET:
        yield "cursor_secret", "production refuses the demo's secret; give your own"
    elif len(key) < _SECRET_LENGTH:
        yield "cursor_secret", f"production refuses a secret of less than {_SECRET_LENGTH} characters"
    elif bits(key) < KEY_BITS:
        yield "cursor_secret", "production refuses a secret that can be guessed; take random characters"
    passwords = {
        name: getattr(settings, name) for name in ("kafka_password", "smtp_password", "files_secret_access_key")
    }
    passwords |= {"database_url": SecretStr(urlsplit(settings.database_url).password or "")}
    for name, secret in passwords.items():
        word = secret.get_secret_value() if secret else ""
        if word.startswith(DEMO_SECRETS):
            yield name, "production refuses the demo's secret; give your own"
        elif word and bits(word) < PASSWORD_BITS:
            yield name, "production refuses a password that can be guessed; take 12 random characters or more"


def _unencrypted(settings: Fields) -> Iterator[tuple[str, str]]:
    """Yield the fields by which passwords, events or attachments could be read or changed on the way."""
    if not settings.kafka_security.encrypted and not is_on_this_machine(settings.kafka_bootstrap_servers or ""):
        yield "kafka_security", "production refuses brokers beyond this machine without TLS; say SSL or SASL_SSL"
    if is_plain_elsewhere(settings.files_endpoint):
        yield "files_endpoint", "production refuses a store beyond this machine without TLS; say https:"
    if settings.smtp_password is not None and not settings.smtp_starttls:
        yield "smtp_starttls", "production refuses to send the mail server a password without TLS; say true"
