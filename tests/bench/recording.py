"""The statements of one real submit, written down as the driver gets them, and played again for other applications."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from applications_service.service import SERVICE as APPLICATIONS
from bench.filling import applicant, application_id, trademark
from bench.places import Place
from common.contracts.applications.applications import ApplicationSubmitted
from common.kernel.ids import new_id
from common.storage.database.engine import Database
from support.service.alone import alone

KEY = "recorded-once"


class Executed(NamedTuple):
    """One execution, as the driver got it."""

    statement: str
    parameters: Any


@dataclass(frozen=True, slots=True)
class Recording:
    """What was executed for the first filled application, and its event's id; `count` applications can be played."""

    executed: Sequence[Executed]
    event_id: str
    receipt: Mapping[str, Any]
    count: int

    def plans(self) -> dict[str, list[Executed]]:
        """Return what to execute by application id, with all parameters made."""
        return {application_id(index): self.plan(index) for index in range(self.count)}

    def plan(self, index: int) -> list[Executed]:
        """Return the same executions for another application, event and key."""
        changes = {
            application_id(0): application_id(index),
            _receipt(0): _receipt(index),
            applicant(0): applicant(index),
            trademark(0): trademark(index),
            self.event_id: new_id(None),
            KEY: new_id("key"),
        }
        return [Executed(one.statement, _changed(one.parameters, changes)) for one in self.executed]


async def record(place: Place, count: int) -> Recording:
    """Submit the first application of a filled place that is used for nothing else."""
    async with alone(APPLICATIONS, place.url, place.folder) as service:
        with written_down(service.runtime.storage.database) as executed:
            answer = await service.send(
                "POST",
                f"/v1/applications/{application_id(0)}/submissions",
                who=f"applicant|{applicant(0)}",
                key=KEY,
            )
        assert answer.status_code == 201, answer.text
        (published,) = [one for one in await service.published(ApplicationSubmitted) if one["key"] == application_id(0)]
    return Recording(executed, published["id"], answer.json(), count)


@contextmanager
def written_down(database: Database) -> Iterator[list[Executed]]:
    """Write down what a database's driver executes for writers while the block runs."""
    executed: list[Executed] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, _x: object, _many: bool) -> None:  # noqa: ANN401, FBT001 -- SQLAlchemy's signature
        executed.append(Executed(statement, _kept(parameters)))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield executed
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def play(connection: AsyncConnection, plan: Sequence[Executed]) -> None:
    """Execute a plan and commit."""
    for statement, parameters in plan:
        await connection.exec_driver_sql(statement, parameters)
    await connection.commit()


def _receipt(index: int) -> str:
    return application_id(index).removeprefix("app_").upper()


def _changed(value: Any, changes: Mapping[str, str]) -> Any:  # noqa: ANN401 -- whatever the driver was given
    if isinstance(value, str):
        for old, new in changes.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, bytes):
        return _changed(value.decode(), changes).encode()
    if isinstance(value, tuple | list):
        return type(value)(_changed(each, changes) for each in value)
    return value


def _kept(value: Any) -> Any:  # noqa: ANN401 -- as above
    """Return parameters as they can be written to a file."""
    if isinstance(value, memoryview):
        return bytes(value)
    return type(value)(_kept(each) for each in value) if isinstance(value, tuple | list) else value
