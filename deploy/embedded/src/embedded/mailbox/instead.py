"""The mailbox instead of a mail server: in the demo no variable sends a mail, or a part of its login, elsewhere."""

import logging
from collections.abc import Collection, Mapping
from typing import Final

from common.settings import Settings, giving

MAIL_SERVER: Final = tuple(name for name in Settings.model_fields if name.startswith("smtp_"))
"""The fields that name the mail server and log in to it."""

_log: Final = logging.getLogger(__name__)


def without_mail_server(environ: Mapping[str, str], services: Collection[str]) -> dict[str, str]:
    """Return the environment without the variables of a mail server, whichever service they are meant for."""
    named = giving(MAIL_SERVER, services, environ)
    return {name: value for name, value in environ.items() if name not in named}


def warn_of_mail_server(environ: Mapping[str, str], services: Collection[str]) -> None:
    """Log the variables of a mail server that the demo sets aside."""
    if named := giving(MAIL_SERVER, services, environ):
        _log.warning("the demo keeps every mail in its own mailbox and sets aside %s", ", ".join(named))
