"""Each import contract is broken once here, on a copy of the graph, so that none stands that cannot fail."""

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
PURE = "Models, lifecycles, refusals and the rules of programmes do no I/O"
LAYERS = "The stack knows the launcher, the launcher the services, the services common, and none the other way"
ALONE = "Services never import each other"
NOUNS = "The nouns of a service form no cycle"
KAFKA = "The Kafka client is known to one module"
COMMON = "The parts of common form no cycle"

BREACHES = [
    (ALONE, "review_service.draws.commands", "registry_service.brands.model"),
    (ALONE, "notifications_service.messages.reactions", "applications_service.applications.model"),
    (LAYERS, "common.service", "review_service.service"),
    (LAYERS, "registry_service.service", "embedded.launcher"),
    (LAYERS, "common.settings", "embedded.cli"),
    (LAYERS, "embedded.launcher", "stack.kafka.broker"),
    (LAYERS, "applications_service.service", "stack.plan"),
    (LAYERS, "common.clock", "stack.plan"),
    (INSIDE, "review_service.draws.commands", "review_service.draws.routes"),
    (INSIDE, "registry_service.brands.commands", "registry_service.brands.reactions"),
    (INSIDE, "registry_service.brands.routes", "registry_service.brands.reactions"),
    (INSIDE, "registry_service.brands.numbers", "registry_service.brands.verification"),
    (INSIDE, "registry_service.brands.storage", "registry_service.brands.commands"),
    (INSIDE, "applications_service.rounds.model", "applications_service.rounds.storage"),
    (INSIDE, "applications_service.rounds.lifecycle", "applications_service.rounds.model"),
    (INSIDE, "notifications_service.contacts.refusals", "notifications_service.contacts.model"),
    (PURE, "registry_service.brands.model", "common.storage.work"),
    (PURE, "registry_service.brands.lifecycle", "fastapi"),
    (PURE, "review_service.sheets.refusals", "common.settings"),
    (PURE, "common.programme.rules", "httpx"),
    (PURE, "common.digests", "sqlite3"),
    (NOUNS, "applications_service.rounds.storage", "applications_service.applications.storage"),
    (NOUNS, "review_service.tables", "review_service.draws.model"),
    (KAFKA, "common.messaging.relay", "aiokafka"),
    (KAFKA, "embedded.launcher", "aiokafka"),
    (KAFKA, "stack.kafka.broker", "aiokafka"),
    (COMMON, "common.errors", "common.lifecycle"),
    (COMMON, "common.storage.engine", "common.messaging.bus"),
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


def test_the_one_module_that_may_know_the_kafka_client_keeps_the_contract(graph: grimp.ImportGraph) -> None:
    allowed = deepcopy(graph)
    for module, squashed in (("common.messaging.kafka", False), ("aiokafka", True)):
        if module not in allowed.modules:
            allowed.add_module(module, is_squashed=squashed)
    allowed.add_import(importer="common.messaging.kafka", imported="aiokafka")

    assert is_kept(KAFKA, allowed)


def test_a_file_that_a_noun_should_not_have_breaks_the_contract(graph: grimp.ImportGraph) -> None:
    broken = deepcopy(graph)
    broken.add_module("review_service.draws.services")

    assert not is_kept(INSIDE, broken)


def test_every_contract_has_been_broken_once() -> None:
    assert {name for name, _, _ in BREACHES} == CONTRACTS.keys()
