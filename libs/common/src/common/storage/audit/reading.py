"""Reads the audit with its seals, and decides which personal fields a reader sees."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select

from common.kernel.actor import Actor, Role
from common.kernel.model import Disclosure
from common.kernel.values.keys import fold_id, fold_key
from common.observability.logging import contains_address
from common.storage.audit.sealing import as_stored, text_of
from common.storage.records import Records


def about(records: Records, subject: str) -> Select[Any]:
    """Select every row about a subject, also those that are not sealed yet.

    The subject is an id of ours in any spelling, or the code of an organisation as it was entered or in capitals.
    """
    audit, seals = records.audit, records.seals
    joined = select(*as_stored(audit), *_chain(records)).outerjoin(seals, seals.c.seq == audit.c.seq)
    return joined.where(audit.c.subject_id.in_([subject, fold_id(subject), fold_key(subject)]))


def sealed(records: Records) -> Select[Any]:
    """Select the whole chain: every sealed row."""
    audit, seals = records.audit, records.seals
    return select(*as_stored(audit), *_chain(records)).join(audit, seals.c.seq == audit.c.seq)


def is_shown(row: Mapping[str, Any], name: str, actor: Actor) -> bool:
    """Return whether the actor sees the value of a personal field; of a row with a forged disclosure nobody does.

    A text with a mail address is shown to nobody, as in the log. The digest of an event is not shown either: who knows
    the rest of an event could guess a telephone number in it.
    """
    readers = row["disclosure"] == Disclosure.READERS
    observers = row["disclosure"] == Disclosure.OBSERVERS and actor.has(Role.OBSERVER)
    if name == "payload_digest" or not (readers or observers):
        return False
    return not contains_address(text_of(row[name]) or "")


def _chain(records: Records) -> tuple[Any, ...]:
    seals = records.seals
    return seals.c.position, seals.c.previous, seals.c.hash
