"""The instruments of a running service: the two clocks, ids and tracing."""

from dataclasses import dataclass, field

from common.kernel.clock import Clock, SystemClock
from common.kernel.ids import Ids, new_id
from common.observability.tracing import OFF, Tracing


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruments:
    """The legal clock for dates with legal effect, the system's for everything else; tests pass fakes of them here."""

    legal: Clock
    system: Clock = field(default_factory=SystemClock)
    ids: Ids = new_id
    tracing: Tracing = OFF
