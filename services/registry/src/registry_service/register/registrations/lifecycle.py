"""The states of a registration: it waits for its grounds, and is registered, or refused by the office."""

from enum import StrEnum

from common.kernel.lifecycle import Lifecycle, Move, Through
from registry_service.register.registrations.refusals import RegistrationDone, RegistrationRefused


class State(StrEnum):
    """The state of a registration."""

    WAITING = "waiting"
    REGISTERED = "registered"
    REFUSED = "refused"


LIFECYCLE = Lifecycle(
    Move("receive", None, State.WAITING, internal="ReviewCompleted has published the recognition"),
    Move("register", State.WAITING, State.REGISTERED, internal="published as the brand's BrandRegistered"),
    Move("release", State.WAITING, None, internal="only has the grounds looked up again"),
    Move("refuse", State.WAITING, State.REFUSED, internal="nothing is registered; the reason is in the audit"),
    final={State.REGISTERED: RegistrationDone, State.REFUSED: RegistrationRefused},
    waits={State.WAITING: Through("announcements")},
)
