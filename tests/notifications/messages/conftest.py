"""The mail job, sending to a mail server of the test's own."""

from collections.abc import AsyncIterator

import pytest

from common.settings import Settings
from notifications_service.letters.messages.mailing import Mailer, sender, smtp
from support.service.alone import Alone
from support.service.mailsink import Send, Sink, mail_sink


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    """A mail server that accepts everything until the test sets a failure."""
    async with mail_sink() as running:
        yield running


@pytest.fixture
def send(service: Alone, sink: Sink) -> Send:
    """The mail job over a real connection to the sink."""

    def mailer(settings: Settings) -> Mailer:
        return smtp(settings.model_copy(update={"smtp_port": sink.port}))

    job = sender(mailer)
    return lambda: job(service.runtime)
