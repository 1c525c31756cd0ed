"""The mail job, sending to a mail server of the test's own."""

from collections.abc import AsyncIterator

import pytest

from common.settings import Settings
from notifications_service.messages.mailing import Mailer, sender, smtp
from support.mailsink import Send, Sink, mail_sink
from support.service import Alone


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    """A mail server that takes everything until told otherwise."""
    async with mail_sink() as running:
        yield running


@pytest.fixture
def send(service: Alone, sink: Sink) -> Send:
    """The mail job over a real connection to the sink."""

    def mailer(settings: Settings) -> Mailer:
        return smtp(settings.model_copy(update={"smtp_port": sink.port}))

    job = sender(mailer)
    return lambda: job(service.runtime)
