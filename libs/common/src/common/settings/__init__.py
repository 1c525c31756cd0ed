"""The settings of a service: which there are, how an environment gives them, and which of them are refused."""

from common.settings.fields import (
    DEMO_CURSOR_SECRET,
    DEMO_SECRETS,
    KafkaSecurity,
    Profile,
    Shape,
)
from common.settings.reading import Setting, Settings, UnusableSettingsError
from common.settings.variables import SHARED_PREFIX, giving, own_prefix

__all__ = [
    "DEMO_CURSOR_SECRET",
    "DEMO_SECRETS",
    "SHARED_PREFIX",
    "KafkaSecurity",
    "Profile",
    "Setting",
    "Settings",
    "Shape",
    "UnusableSettingsError",
    "giving",
    "own_prefix",
]
