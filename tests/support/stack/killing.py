"""The processes of a running stack, to be killed, frozen, armed with a failpoint and started again; each wait ends.

Everything that is started is on the stack's record, so that `stack down` ends it whatever becomes of the test.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from subprocess import Popen

import httpx

from stack.commands.restart import start_again
from stack.machine.ports import HOST, free_ports
from stack.machine.processes import Process, start, stop
from stack.machine.record import Record, recorded
from stack.machine.starting import StartFailedError, wait_until_ready
from support.service.waiting import eventually

DEATH_SECONDS = 120.0
TAKEOVER_SECONDS = 60.0
CHILDREN: dict[str, Popen[bytes]] = {}
"""Those that were started here; they outlive the tests, as those that `make stack` started."""
LEADS = 'mingpai_relay_active{{service="{service}"}} 1.0'
KILLED = f"ended with status {-signal.SIGKILL}"


class StackProcesses:
    """What of the stack in this data folder runs, by name; counts how often a process was killed."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._ill: set[str] = set()
        self.kills = 0

    async def kill(self, name: str) -> None:
        """Kill it as a power failure would."""
        self._ill.add(name)
        self._signal(name, signal.SIGKILL)
        await self._gone(name)

    async def start(self, name: str) -> None:
        """Start it again on its own port and data, and wait until it is ready."""
        await asyncio.to_thread(self._start, name, {})
        self._ill.discard(name)

    async def arm(self, name: str, failpoint: str) -> None:
        """Start it again, ended in good order if it runs, so that it dies at the failpoint, which it may do at once."""
        await self.stop(name)
        try:
            await asyncio.to_thread(self._start, name, {"MINGPAI_FAILPOINT": failpoint})
        except StartFailedError as early:
            if KILLED not in str(early):
                raise

    async def stop(self, name: str) -> None:
        """End it in good order."""
        self._ill.add(name)
        await asyncio.to_thread(stop, [self._process(name)])
        self._ended(name)

    async def mend(self) -> None:
        """Start again the processes that a failed test has left killed, stopped or armed."""
        for name in sorted(self._ill):
            await self.stop(name)
            await self.start(name)

    async def died(self, name: str) -> None:
        """Wait until an armed process has died of its failpoint."""
        await self._gone(name)

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """Pause it while the block lasts: its connections stay open, nothing is answered."""
        self._signal(name, signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(name, signal.SIGCONT)

    @asynccontextmanager
    async def another(self, name: str) -> AsyncIterator[str]:
        """Run a second process of this kind beside it while the block lasts; yields its name."""
        program = self._process(name).program
        (port,) = free_ports(1)
        second = program.model_copy(
            update={
                "name": f"{name}-twin",
                "environ": {**program.environ, "MINGPAI_PORT": str(port)},
                "url": f"http://{HOST}:{port}",
            }
        )
        record = self._record()
        process, child = start(second, environ=os.environ, log=self._data / "logs" / f"{second.name}.log")
        CHILDREN[second.name] = child
        record.processes = [one for one in record.processes if one.name != second.name]
        record.add(process)
        await asyncio.to_thread(wait_until_ready, record, [(process, child)])
        try:
            yield second.name
        finally:
            await self.stop(second.name)
            self._ill.discard(second.name)

    async def leads(self, name: str) -> bool:
        """Return whether this worker reports that it publishes; one that does not answer does not."""
        process = self._process(name)
        try:
            async with httpx.AsyncClient(timeout=2) as client:
                said = (await client.get(f"{process.program.url}/metrics")).text
        except httpx.TransportError:
            return False
        return LEADS.format(service=name.partition("-")[0]) in said.splitlines()

    async def has_taken_over(self, name: str) -> None:
        """Wait until this worker publishes."""

        async def so() -> bool:
            return await self.leads(name)

        await eventually(so, deadline=TAKEOVER_SECONDS)

    def _start(self, name: str, added: dict[str, str]) -> None:
        started = start_again(self._record(), name, environ={**os.environ, **added})
        if started is not None:
            CHILDREN[name] = started[1]

    async def _gone(self, name: str) -> None:
        process = self._process(name)

        async def is_gone() -> bool:
            return not process.is_alive

        await eventually(is_gone, deadline=DEATH_SECONDS)
        assert self._ended(name) in {None, -signal.SIGKILL}
        self.kills += 1

    @staticmethod
    def _ended(name: str) -> int | None:
        """Return how a process of ours ended, None for one that others started."""
        child = CHILDREN.pop(name, None)
        return None if child is None else child.wait(DEATH_SECONDS)

    def _signal(self, name: str, what: signal.Signals) -> None:
        process = self._process(name)
        if process.is_alive:
            os.kill(process.pid, what)

    def _process(self, name: str) -> Process:
        return self._record().process(name)

    def _record(self) -> Record:
        record = recorded(self._data)
        assert record is not None
        return record
