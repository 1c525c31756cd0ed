"""`make stack`: starts PostgreSQL, the broker, the services, the front and the gateway, and plays the core path.

Every wait has a deadline, and a start that fails ends what it started. The processes run on after this command.
"""

import asyncio
import secrets
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import httpx

from common.kernel.clock import SystemClock
from embedded.demo.people import load_demo
from embedded.journey.core_path import play
from embedded.journey.player import Player, Step
from embedded.machine.ports import take
from embedded.origin.parts import SERVICES
from stack.commands.down import LOGS, end, kept, remove
from stack.machine.interrupts import Interrupts
from stack.machine.places import Place
from stack.machine.plan import NAMES, Plan, Ports
from stack.machine.ports import HOST
from stack.machine.processes import Program, known, start
from stack.machine.record import BROKER, SERVER, Credential, Record, StackBusyError, alone, recorded
from stack.machine.requirements import require
from stack.machine.starting import READY_SECONDS, Started, StartFailedError, end_of_log, wait_until_ready
from stack.servers import gateway, postgres
from stack.servers.kafka.broker import ADMIN, KIND as KAFKA, Broker
from stack.servers.kafka.jars import jars
from stack.servers.postgres import PostgresServer

ONCE_SECONDS: Final = 180.0
ANSWER_SECONDS: Final = 30.0


class Listener(Protocol):
    """Receives the progress of a start."""

    def progress(self, what: str) -> None:
        """Report what is being done now."""

    def step(self, step: Step) -> None:
        """Report a step of the core path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The options of the command line; `environ` is the caller's environment, which every process gets."""

    data: Path
    cache: Path
    environ: Mapping[str, str]
    apis: int = 1
    workers: int = 1
    port: int = 0
    journey: bool = True


def up(order: Order, listener: Listener, interrupts: Interrupts) -> tuple[Record, int]:
    """Start the stack and play the core path; returns the record of the stack, and the number of steps.

    Raises PartsMissing, StackBusyError or PortBusyError before anything is started. When a later error is raised
    (StartFailedError, StepFailed, KeyboardInterrupt, an error of a part), everything that was started has been ended
    again. A process that cannot be ended is named in a TimeoutError and stays on record.
    """
    with alone(order.data):
        _refuse_others(order.data)
        with take(HOST, order.port, task="stack") as gateway:  # stays bound, so that no part gets the same port
            require(order.cache)
            remove(order.data)  # left by a stack that has ended
            starting = _Starting(order, listener, interrupts, port=gateway.getsockname()[1])
        try:
            with interrupts.raising():
                starting.parts()
                starting.services()
                steps = asyncio.run(play_core_path(starting.record.url, listener)) if order.journey else 0
        except BaseException:
            listener.progress("ending what was started")
            end(starting.record)
            remove(order.data)
            raise
        return starting.record, steps


def _refuse_others(data: Path) -> None:
    """Raise StackBusyError when a stack runs with this folder, or when files in it belong to no stack."""
    found = recorded(data)
    if found is not None and (living := found.living):
        raise StackBusyError(
            f"the stack at {found.url} runs with {data} ({len(living)} processes, since "
            f"{found.started_at:%Y-%m-%d %H:%M:%SZ}); end it by `make stack-down`, or choose another folder with DATA="
        )
    if found is None and (others := kept(data)):
        names = ", ".join(map(str, others))
        raise StackBusyError(f"{names}: not of a stack that is on record; choose another folder with DATA=")


class _Starting:
    """One start, step by step; everything that runs is on record before the next step."""

    def __init__(self, order: Order, listener: Listener, interrupts: Interrupts, *, port: int) -> None:
        self._order = order
        self._report = listener.progress
        self._interrupts = interrupts
        self._data = order.data.resolve()
        self._words = {name: secrets.token_urlsafe(18) for name in (*NAMES, ADMIN)}
        self._kafka_words = {name: secrets.token_urlsafe(18) for name in (*NAMES, ADMIN)}
        self._ports = Ports.free(gateway=port, apis=order.apis, workers=order.workers)
        self._plan: Plan | None = None
        url = f"http://{HOST}:{self._ports.gateway}"
        self.record = Record(url=url, data=str(self._data), started_at=SystemClock().now())
        self.record.write()

    def parts(self) -> None:
        """Start PostgreSQL and the broker, and make the databases, tables and topics of the services."""
        self._report("PostgreSQL, a database and two roles per service")
        place = Place.of(self._data, postgres.KIND, owner=postgres.USER)
        server = PostgresServer(place, port=self._ports.postgres, password=self._words[ADMIN])
        part = Program(name=postgres.KIND, kind=postgres.KIND, argv=[])  # started by its own tools
        with self._interrupts.delayed():
            server.start()
            self.record.add(known(part, server.pid, log=place.folder / "log", by=postgres.STOP_SIGNAL))
        urls = {
            name: server.create(name, password=self._words[name], owner_password=secrets.token_urlsafe(18))
            for name in NAMES
        }
        self.record.databases = {name: each.running for name, each in urls.items()}
        self.record.owners = {name: each.migrating for name, each in urls.items()}
        self._report("the Kafka broker's jars (fetched once)")
        libraries = jars(self._order.cache)
        self._report("the Kafka broker")
        broker = Broker(
            self._data / "kafka",
            jars=libraries,
            port=self._ports.kafka,
            controller_port=self._ports.controller,
            secrets=self._kafka_words,
        )
        part = Program(name=KAFKA, kind=KAFKA, argv=broker.command)
        with self._interrupts.delayed():
            broker.launch()
            self.record.add(known(part, broker.pid, log=broker.log))
        broker.wait_until_it_answers(READY_SECONDS)
        self.record.kafka = broker.bootstrap
        self.record.credentials = [
            Credential(at=SERVER, name=postgres.USER, password=self._words[ADMIN]),
            *(Credential(at=BROKER, name=name, password=self._kafka_words[name]) for name in (ADMIN, *NAMES)),
        ]
        self._plan = Plan(
            data=self._data,
            ports=self._ports,
            databases=self.record.databases,
            owners=self.record.owners,
            kafka_secrets=self._kafka_words,
        )
        self._report("migrations, topics")
        self._once([*self._plan.migrations(), self._plan.topics()])

    def services(self) -> None:
        """Start workers, apis, front and gateway and wait until each is ready."""
        if self._plan is None:
            raise RuntimeError("the parts come first")
        programs = [*self._plan.services(), self._plan.front()]
        self._report(
            f"{len(programs)} processes: {self._order.workers} worker and {self._order.apis} api per service, front"
        )
        started = [self._start(program) for program in programs]
        place = Place.of(self._data, "gateway", owner=gateway.OWNER)
        gateway.write_configuration(
            place,
            SERVICES,
            port=self._ports.gateway,
            apis={name: [f"{HOST}:{port}" for port in ports] for name, ports in self._ports.apis.items()},
            front=f"{HOST}:{self._ports.front}",
        )
        command = gateway.command(place)
        before = Program(name="gateway", kind="gateway", argv=command, url=self.record.url, owner=place.owner)
        wait_until_ready(self.record, [*started, self._start(before)])

    def _start(self, program: Program) -> Started:
        log = self._data / LOGS / f"{program.name}.log"
        with self._interrupts.delayed():
            process, child = start(program, environ=self._order.environ, log=log)
            self.record.add(process)
        return process, child

    def _once(self, programs: Sequence[Program]) -> None:
        """Run programs that end by themselves, all at the same time."""
        running = [self._start(program) for program in programs]
        until = time.monotonic() + ONCE_SECONDS
        for process, child in running:
            try:
                status = child.wait(max(until - time.monotonic(), 0))
            except subprocess.TimeoutExpired as error:
                raise StartFailedError(f"{process.name} has not ended after {ONCE_SECONDS:.0f} s") from error
            if status != 0:
                raise StartFailedError(f"{process.name} ended with status {status}: {end_of_log(process)}")
        names = {program.name for program in programs}
        self.record.processes = [one for one in self.record.processes if one.name not in names]


async def play_core_path(url: str, listener: Listener) -> int:
    """Play the core path through the gateway; returns the number of steps. Raises StepFailed."""
    async with httpx.AsyncClient(base_url=url, timeout=ANSWER_SECONDS) as client:
        player = Player(client, load_demo(), story="core-path", report=listener.step)
        await play(player)
        return len(player.steps)
