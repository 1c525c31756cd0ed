"""The job that follows the terms of rows on desks: each is reminded of once, and passes once, also after a restart."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from common.storage.store import Store
from common.storage.waiting.desks import OnDesk
from common.storage.work import Work

A = TypeVar("A", bound=OnDesk)

BATCH: Final = 50
"""The number of rows that one commit reminds of or lets pass: other commands must not wait for a whole round's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Generic[A]):
    """What happens to the rows of a store: `remind` before a term ends, `pass_by` when it has ended.

    Both change the row or store what goes out; the job notes that it was done. Without `remind` nobody is reminded.
    """

    store: Store[A]
    pass_by: Callable[[Work, A], Awaitable[None]]
    remind: Callable[[Work, A], Awaitable[None]] | None = None


def following(*kinds: Waiting[Any]) -> Callable[[Work], Awaitable[int]]:
    """Return the action of the job for these stores; it returns how many rows it worked on."""

    async def follow(work: Work) -> int:
        return sum([await _follow(work, kind) for kind in kinds])

    return follow


async def _follow(work: Work, kind: Waiting[A]) -> int:
    reminded = await _remind(work, kind.store, kind.remind) if kind.remind else 0
    model = kind.store.model
    passed = await work.find(kind.store, model.due_on < work.today, model.overdue_at.is_(None), limit=BATCH)
    for row in passed:
        row.overdue_at = work.now
        await kind.pass_by(work, row)
    return reminded + len(passed)


async def _remind(work: Work, store: Store[A], remind: Callable[[Work, A], Awaitable[None]]) -> int:
    model, today = store.model, work.today
    due = (model.remind_on <= today, model.due_on >= today, model.reminded_at.is_(None))
    found = await work.find(store, *due, limit=BATCH)
    for row in found:
        row.reminded_at = work.now
        await remind(work, row)
    return len(found)
