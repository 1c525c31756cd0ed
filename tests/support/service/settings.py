"""Environments that production accepts, and what a start says about one that it refuses."""

import pytest

from common.settings import Settings, UnusableSettingsError

STRONG = "q7Zp2fX0vK9s"
HIDDEN = "h8Wd4nTq0zLm"
PRODUCTION = {
    "MINGPAI_PROFILE": "production",
    "MINGPAI_URL": "https://mingpai.example.org",
    "MINGPAI_ISSUER": "https://id.example.org/realms/mingpai",
    "MINGPAI_CURSOR_SECRET": "q7Zp2fX0vK9sLw4TbN8yRc1HdM6uJgEa",
    "MINGPAI_MAIL_FROM": "office@given.example.org",
}
DISTRIBUTED = {
    "MINGPAI_SHAPE": "distributed",
    "MINGPAI_DATABASE_URL": "postgresql://db.example.org/{service}",
    "MINGPAI_KAFKA_BOOTSTRAP_SERVERS": "kafka-1:9092,kafka-2:9092",
    "MINGPAI_TRUSTED_PROXIES": "10.0.0.7",
}


def problems_of(environ: dict[str, str]) -> list[str]:
    """Return what the registry's start says about the environment."""
    with pytest.raises(UnusableSettingsError) as refusal:
        Settings.for_service("registry", environ)
    assert str(refusal.value) == "\n".join(refusal.value.problems)
    return refusal.value.problems
