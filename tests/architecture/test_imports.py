"""Each import contract is broken once here, on a copy of the graph, so that none of them is unable to fail."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter.api import read_configuration
from importlinter.application.use_cases import _register_contract_types
from importlinter.application.user_options import UserOptions
from importlinter.domain.contract import registry

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
CONFIGURATION = read_configuration(str(PYPROJECT))
CONTRACTS = {options["name"]: options for options in CONFIGURATION["contracts_options"]}

INSIDE = "Inside a noun, routes and reactions stand on commands, then storage, model, lifecycle, refusals"
PURE = "The kernel, codes, models, lifecycles, refusals and the rules of programmes do no I/O"
CODES = "Codes and calendars know no database"
LAYERS = "The stack knows the launcher, the launcher the services, the services common, and none the other way"
ALONE = "Services never import each other"
NOUNS = "The stages of a service, and the nouns of a stage, form no cycle"
KAFKA = "aiokafka is imported by the Kafka bus and by the module of its private parts, and nowhere else"
WEB = "The web knows no programme"
WORKER = "The worker, the storage and the messaging know nothing of the web"
COMMON = "The parts of common form no cycle"

BREACHES = [
    (ALONE, "review_service.panel.draws.commands", "registry_service.register.brands.model"),
    (ALONE, "notifications_service.letters.messages.reactions", "applications_service.intake.applications.model"),
    (LAYERS, "common.service", "review_service.service"),
    (LAYERS, "registry_service.service", "embedded.launcher"),
    (LAYERS, "common.settings", "embedded.cli"),
    (LAYERS, "embedded.launcher", "stack.servers.kafka.broker"),
    (LAYERS, "applications_service.service", "stack.machine.plan"),
    (LAYERS, "common.kernel.clock", "stack.machine.plan"),
    (INSIDE, "review_service.panel.draws.commands", "review_service.panel.draws.routes"),
    (INSIDE, "registry_service.register.brands.commands", "registry_service.register.brands.reactions"),
    (INSIDE, "registry_service.register.brands.routes", "registry_service.register.brands.reactions"),
    (INSIDE, "registry_service.register.brands.storage", "registry_service.register.brands.commands"),
    (INSIDE, "applications_service.rules.rounds.model", "applications_service.rules.rounds.storage"),
    (INSIDE, "applications_service.rules.rounds.lifecycle", "applications_service.rules.rounds.model"),
    (INSIDE, "notifications_service.letters.contacts.refusals", "notifications_service.letters.contacts.model"),
    (PURE, "registry_service.register.brands.model", "common.storage.work"),
    (PURE, "registry_service.register.brands.lifecycle", "fastapi"),
    (PURE, "review_service.panel.sheets.refusals", "common.settings"),
    (PURE, "common.programme.rules.expressions", "httpx"),
    (PURE, "common.kernel.digests", "sqlite3"),
    (PURE, "common.kernel.clock", "common.web.router"),
    (PURE, "common.kernel.ids", "common.messaging.bus"),
    (PURE, "common.kernel.worklist", "common.storage.work"),
    (PURE, "common.kernel.actor", "common.storage.database.wakeups"),
    (PURE, "common.kernel.text", "fastapi"),
    (PURE, "common.kernel.supervised", "httpx"),
    (PURE, "common.codes.uscc", "common.web.router"),
    (PURE, "common.codes.calendar", "common.messaging.bus"),
    (PURE, "common.codes.divisions", "common.storage.work"),
    (PURE, "common.codes.calendar", "common.storage.database.constraints"),
    (PURE, "common.codes.uscc", "fastapi"),
    (PURE, "common.codes.calendar", "httpx"),
    (CODES, "common.codes.divisions", "sqlalchemy"),
    (CODES, "common.codes.divisions", "common.storage.areas"),
    (NOUNS, "applications_service.rules.rounds.storage", "applications_service.intake.applications.storage"),
    (NOUNS, "review_service.cases.reviews.model", "review_service.panel.draws.model"),
    (NOUNS, "review_service.tables", "review_service.panel.draws.model"),
    (KAFKA, "common.messaging.relay.runner", "aiokafka"),
    (KAFKA, "common.messaging.kafka.subscription", "aiokafka"),
    (KAFKA, "common.messaging.kafka.wire", "aiokafka"),
    (KAFKA, "embedded.launcher", "aiokafka"),
    (KAFKA, "stack.servers.kafka.broker", "aiokafka"),
    (WEB, "common.web.input.strict", "common.programme.definition.intake"),
    (WORKER, "common.process.worker", "common.web.answers.idempotency"),
    (WORKER, "common.storage.work", "fastapi"),
    (WORKER, "common.messaging.relay.runner", "starlette"),
    (COMMON, "common.kernel.errors", "common.kernel.lifecycle"),
    (COMMON, "common.storage.database.engine", "common.messaging.bus"),
]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    session = CONFIGURATION["session_options"]
    _register_contract_types(UserOptions(session, CONFIGURATION["contracts_options"]))
    return grimp.build_graph(*session["root_packages"], include_external_packages=True, cache_dir=None)


def is_kept(name: str, graph: grimp.ImportGraph) -> bool:
    options: dict[str, Any] = {key: value for key, value in CONTRACTS[name].items() if key not in {"type", "id"}}
    contract = registry.get_contract_class(CONTRACTS[name]["type"])(name, CONFIGURATION["session_options"], options)
    return contract.check(deepcopy(graph), verbose=False).kept


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_code_keeps_the_contract(name: str, graph: grimp.ImportGraph) -> None:
    assert is_kept(name, graph)


@pytest.mark.parametrize(("name", "importer", "imported"), BREACHES)
def test_one_wrong_import_breaks_the_contract(
    name: str, importer: str, imported: str, graph: grimp.ImportGraph
) -> None:
    assert importer in graph.modules
    broken = deepcopy(graph)
    if imported not in broken.modules:
        broken.add_module(imported, is_squashed=True)
    assert imported in broken.modules
    broken.add_import(importer=importer, imported=imported)

    assert not is_kept(name, broken)


def test_the_kafka_client_is_imported_by_the_two_modules_that_may(graph: grimp.ImportGraph) -> None:
    assert graph.find_modules_that_directly_import("aiokafka") == {
        "common.messaging.kafka.client",
        "common.messaging.kafka.internals",
    }


def test_every_contract_has_been_broken_once() -> None:
    assert {name for name, _, _ in BREACHES} == CONTRACTS.keys()
