"""Lives of brands as the registry publishes them: real events under real envelopes, as rows of its outbox."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from common.contracts.catalogue import EVENTS
from common.contracts.schema import dataschema
from common.kernel.event import Envelope, sequence_text
from common.kernel.ids import new_id
from common.messaging.bus import Outgoing
from support.rules.golden import samples

REGISTERED: Final = "BrandRegistered"
LATER: Final = ("BrandWarned", "BrandSuspended", "BrandReinstated")
LAST: Final = "BrandRevoked"
_DATA: Final[dict[str, dict[str, Any]]] = {one.headers["ce_type"]: one.data for one in samples()}


class Life(NamedTuple):
    """One brand's number, and its rows in order."""

    number: str
    state: str
    rows: list[Outgoing]


def life(number: str, *, changes: int, revoked: bool) -> Life:
    """Return a brand that is registered and then changed so often, revoked in the end or not."""
    names = [REGISTERED, *(LATER[index % len(LATER)] for index in range(changes))]
    if revoked:
        names[-1] = LAST
    brand_id = new_id("brd")
    rows = [_row(name, brand_id, number, sequence) for sequence, name in enumerate(names, 1)]
    return Life(number, str(_DATA[_type(names[-1])]["state"]), rows)


def interleaved(lives: Sequence[Life], drawn: random.Random) -> list[Outgoing]:
    """Return all rows as they might have been committed: each brand's in order, the brands mixed."""
    turns = [one for one in lives for _ in one.rows]
    drawn.shuffle(turns)
    following = {one.number: iter(one.rows) for one in lives}
    return [next(following[one.number]) for one in turns]


def _type(name: str) -> str:
    return f"cn.mingpai.registry.{name}.v1"


def _row(name: str, brand_id: str, number: str, sequence: int) -> Outgoing:
    kind = EVENTS[_type(name)]
    changed = {"brand_id": brand_id, "number": number, "version_before": sequence - 1, "version_after": sequence}
    event = kind.model_validate({**_DATA[kind.type_name()], **changed})
    event_id = new_id(None)
    headers = Envelope(
        id=event_id,
        type=kind.type_name(),
        source="/services/registry",
        subject=event.subject,
        time=datetime.now(UTC),
        dataschema=dataschema(kind, "http://127.0.0.1:8000"),
        sequence=sequence_text(sequence),
        correlationid=new_id(None),
    ).headers()
    _, topic = kind.topics()
    return Outgoing(
        topic=topic, key=event.subject, id=event_id, type=kind.type_name(), headers=headers, payload=event.projection()
    )
