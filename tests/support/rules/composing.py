"""The rules of the compose files, as functions of documents: each returns its violations, `service: what`."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from common.settings import DEMO_SECRETS, Settings, UnusableSettingsError
from embedded.origin.front import NAME as FRONT
from embedded.origin.parts import SERVICES
from stack.machine.plan import NAMES, Plan, Ports
from stack.machine.processes import Program
from stack.servers.kafka.broker import ADMIN
from stack.servers.kafka.cli import OWNER
from support.rules.compose_files import Document, filled

OUR_IMAGE: Final = "mingpai:local"
SCHEMA: Final = Path(__file__).parents[2] / "deploy" / "compose-spec.json"

_SECRET: Final = re.compile(r"PASSWORD|SECRET|TOKEN")
_IN_URL: Final = re.compile(r"://[^/@:]*:([^@]+)@")
_LOOPBACK: Final = "127.0.0.1"
_LIMITS: Final = {"cpus", "memory", "pids"}
_VERSION: Final = re.compile(r"\d+\.\d+")
_FILES: Final = re.compile(r"[A-Z]+_FILES(_[A-Z_]+)?")
"""Where attachments lie: in the stack a folder, in containers a store."""
_COMPLETED: Final = "service_completed_successfully"

Service = Mapping[str, Any]
Rule = Callable[[str, Service, Document], Iterator[str]]


def problems(document: Document) -> list[str]:
    """Return what is wrong with any service of a document."""
    return [
        f"{name}: {problem}"
        for name, service in document["services"].items()
        for rule in _RULES
        for problem in rule(name, service, document)
    ]


def schema_problems(document: Document) -> list[str]:
    """Return where a document is none of the Compose Specification."""
    validator = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8")))
    return sorted({"/".join(map(str, error.instance_path)) for error in validator.iter_errors(document)})


def secrets(document: Document) -> list[str]:
    """Return the secrets that have a value in the file itself, as `service: variable`."""
    return [
        f"{name}: {variable}"
        for name, service in document["services"].items()
        if not service.get("profiles")
        for variable, value in service.get("environment", {}).items()
        for secret in _secrets_in(variable, str(value))
        if not re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", secret)
    ]


def environment(document: Document, name: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment that a service gets."""
    return {key: filled(value, given) for key, value in document["services"][name].get("environment", {}).items()}


def refusals(document: Document, given: Mapping[str, str]) -> list[str]:
    """Return what each process of ours says about its environment when it starts."""
    found = []
    for name in _plan_by_name():
        service = FRONT if name == FRONT else OWNER if name == "topics" else name.partition("-")[0]
        environ = environment(document, name, given)
        try:
            Settings.for_service(service, environ)
        except UnusableSettingsError as error:
            found += [f"{name}: {problem}" for problem in error.problems]
    return found


def differences(document: Document) -> list[str]:
    """Return where the processes are not those of the stack, or are started or configured differently."""
    planned = _plan_by_name()
    ours = {
        name
        for name, service in document["services"].items()
        if service["image"] == OUR_IMAGE and not service.get("profiles")
    }
    found = [f"{name}: only in one of stack and containers" for name in sorted(planned.keys() ^ ours)]
    for name in sorted(planned.keys() & ours):
        program, environ = planned[name], environment(document, name, {})
        command = [filled(part, {}) for part in document["services"][name]["command"]]
        if program.argv[1:4] != ["-m", *command[:2]]:
            found.append(f"{name}: is started as {command}")
        variables = sorted(one for one in program.environ.keys() ^ environ.keys() if not _FILES.fullmatch(one))
        found += [f"{name}: only one of stack and containers sets {variable}" for variable in variables]
        for variable in ("MINGPAI_SHAPE", "MINGPAI_PROFILE", "MINGPAI_KAFKA_SECURITY", "MINGPAI_CORS_ORIGINS"):
            if program.environ.get(variable) != environ.get(variable):
                found.append(f"{name}: {variable} is not the stack's")
    return found


def front_problems(document: Document, gateway: str) -> list[str]:
    """Return the processes that front or gateway do not know, or know and that are not there, or wait for wrongly."""
    services = document["services"]
    there = {name for name in services if re.fullmatch(rf"({'|'.join(NAMES)})-(api|worker)", name)}
    named = {}
    for part in map(str, services[FRONT]["command"]):
        if match := re.fullmatch(r"--(api|worker)=(\w+)=http://([\w-]+:\d+)", part):
            named[f"{match[2]}-{match[1]}"] = match[3]
    wanted = {name: f"{name}:{environment(document, name, {})['MINGPAI_PORT']}" for name in there}
    found = [f"{FRONT}: {name} is not named as {at}" for name, at in sorted(wanted.items()) if named.get(name) != at]
    found += [f"{FRONT}: {name} is not there" for name in sorted(named.keys() - there)]
    found += [f"{FRONT}: does not wait for {name}" for name in sorted(there - services[FRONT]["depends_on"].keys())]
    servers = set(re.findall(r"server ([\w-]+:\d+)", gateway))
    apis = {at for name, at in wanted.items() if name.endswith("-api")}
    apis.add(f"{FRONT}:{environment(document, FRONT, {})['MINGPAI_PORT']}")
    return found + [f"gateway: {at} is not its or not there" for at in sorted(servers ^ apis)]


def gateway_problems(document: Document, gateway: str) -> list[str]:
    """Return where what the gateway says of a caller's address is not believed, or another container's word is."""
    (network,) = document["networks"]["default"]["ipam"]["config"]
    at = document["services"]["gateway"]["networks"]["default"]["ipv4_address"]
    serving = [name for name in _plan_by_name() if name != "topics"]
    trusted = {name: environment(document, name, {}).get("MINGPAI_TRUSTED_PROXIES") for name in serving}
    found = [f"{name}: believes {proxy} and not the gateway" for name, proxy in trusted.items() if proxy != at]
    if ip_address(at) not in ip_network(network["subnet"]) or ip_address(at) in ip_network(network["ip_range"]):
        found.append(f"gateway: {at} is not its own in the network")
    if re.findall(r"set_real_ip_from (\S+);", gateway) != [network["gateway"]]:
        found.append("gateway: believes another web server than the one on this machine")
    if "proxy_set_header X-Forwarded-For $remote_addr;" not in gateway:
        found.append("gateway: passes on what a caller says of his address")
    return found


def credential_problems(document: Document) -> list[str]:
    """Return the services that log in by another name or password than the part they log in to was given."""
    database, broker = (environment(document, name, {}) for name in ("postgres", "kafka"))
    found = []
    for name in NAMES:
        for task in ("migrate", "api", "worker"):
            environ = environment(document, f"{name}-{task}", {})
            url = f"postgresql://{name}:{database[f'{name.upper()}_PASSWORD']}@postgres/{name}"
            if environ[f"{name.upper()}_DATABASE_URL"] != url:
                found.append(f"{name}-{task}: does not log in to its database")
            owner = f"postgresql://{name}_owner:{database[f'{name.upper()}_OWNER_PASSWORD']}@postgres/{name}"
            if environ.get(f"{name.upper()}_MIGRATION_URL") != (owner if task == "migrate" else None):
                found.append(f"{name}-{task}: does not migrate as the owner of the tables, or could")
        if environ[f"{name.upper()}_KAFKA_USERNAME"] != name or (
            environ[f"{name.upper()}_KAFKA_PASSWORD"] != broker[f"KAFKA_{name.upper()}_PASSWORD"]
        ):
            found.append(f"{name}-worker: does not log in to the broker")
    admin = environment(document, "topics", {})
    if (admin["STACK_KAFKA_USERNAME"], admin["STACK_KAFKA_PASSWORD"]) != (ADMIN, broker["KAFKA_ADMIN_PASSWORD"]):
        found.append("topics: does not log in to the broker")
    at = f"kafka:{broker['KAFKA_PORT']}"
    others = [name for name in _plan_by_name() if name != FRONT]
    return found + [
        f"{name}: looks for the broker elsewhere"
        for name in others
        if environment(document, name, {})["MINGPAI_KAFKA_BOOTSTRAP_SERVERS"] != at
    ]


def clock_problems(document: Document) -> list[str]:
    """Return the processes that do not share the clock of the demo."""
    found = []
    for name in (f"{service}-{task}" for service in NAMES for task in ("api", "worker")):
        folder = Path(environment(document, name, {})["MINGPAI_CLOCK_FILE"]).parent
        if f"clock:{folder}" not in document["services"][name]["volumes"]:
            found.append(f"{name}: has a clock of its own")
    return found


def file_problems(document: Document) -> list[str]:
    """Return the processes that ask the store of attachments as another, or that have nothing to do with it."""
    store, found = environment(document, "files", {}), []
    for name in _plan_by_name():
        owner = name.partition("-")[0].upper()
        configured = {key: value for key, value in environment(document, name, {}).items() if _FILES.fullmatch(key)}
        secret = store.get(f"FILES_{owner}_SECRET")
        wanted = (
            {}
            if secret is None
            else {
                "MINGPAI_FILES_ENDPOINT": "http://files:8333",
                f"{owner}_FILES_ACCESS_KEY_ID": owner.lower(),
                f"{owner}_FILES_SECRET_ACCESS_KEY": secret,
            }
        )
        if configured != wanted:
            found.append(f"{name}: does not ask the store as itself")
    return found


def _plan_by_name() -> dict[str, Program]:
    """Return the programs of a stack by the names that containers have."""
    plan = Plan(
        data=Path("/data"),
        ports=Ports.free(gateway=0, apis=1, workers=1),
        databases={name: f"postgresql://{name}:word@postgres/{name}" for name in NAMES},
        owners={name: f"postgresql://{name}_owner:word@postgres/{name}" for name in NAMES},
        kafka_secrets=dict.fromkeys((*NAMES, ADMIN), "word"),
    )
    programs = [*plan.migrations(), plan.topics(), *plan.services(), plan.front()]
    return {re.sub(r"-\d+$", "", program.name): program for program in programs}


def _image(_: str, service: Service, __: Document) -> Iterator[str]:
    image, _, tag = service["image"].rpartition(":")
    if service["image"] != OUR_IMAGE and not (image and _VERSION.search(tag)):
        yield f"the image {service['image']} has no version"


def _closed(_: str, service: Service, __: Document) -> Iterator[str]:
    if service.get("privileged") or service.get("network_mode") == "host" or service.get("cap_add"):
        yield "shares the machine's privileges or network"
    if service.get("cap_drop") != ["ALL"] or "no-new-privileges:true" not in service.get("security_opt", ()):
        yield "keeps privileges that it does not need"
    if service.get("read_only") is not True and not service.get("x-written"):
        yield "its root file system can be written, and nothing says why"
    for port in service.get("ports", ()):
        if not str(port).startswith(f"{_LOOPBACK}:"):
            yield f"the port {port} is open beyond loopback"
    if _LIMITS - service.get("deploy", {}).get("resources", {}).get("limits", {}).keys():
        yield "has no limit of processors, memory or processes"


def _volumes(_: str, service: Service, document: Document) -> Iterator[str]:
    sources = [str(volume).partition(":")[0] for volume in service.get("volumes", ()) if str(volume)[0] not in ".$"]
    yield from (f"the volume {source} is not declared" for source in sources if source not in document["volumes"])


def _waiting(name: str, service: Service, document: Document) -> Iterator[str]:
    for needed, how in service.get("depends_on", {}).items():
        other = document["services"].get(needed)
        if other is None:
            yield f"waits for {needed}, which is not there"
        elif how["condition"] != (_COMPLETED if _ends(other) else "service_healthy"):
            yield f"waits for {needed} in a way that it never reports"
        elif other.get("profiles") and other.get("profiles") != service.get("profiles"):
            yield f"waits for {needed}, which is not started with it"
    checked = "test" in service.get("healthcheck", {})
    if checked is _ends(service):
        yield "has no health check" if not checked else "ends, and yet has a health check"
    if _ends(service) and not any(name in other.get("depends_on", {}) for other in document["services"].values()):
        yield "ends, and nobody waits for it"


def _ends(service: Service) -> bool:
    return service.get("restart") == "no"


def _secret(_: str, service: Service, __: Document) -> Iterator[str]:
    for variable, value in service.get("environment", {}).items():
        for secret in _secrets_in(variable, str(value)):
            if not re.fullmatch(rf"\$\{{[A-Z_]+(:-{DEMO_SECRETS}[a-z-]+|:\?[^}}]+)\}}", secret):
                yield f"{variable} holds a secret that can't be given, or that nobody sees is the demo's"


def _secrets_in(variable: str, value: str) -> Sequence[str]:
    found = _IN_URL.search(value)
    if variable.endswith("_DATABASE_URL"):
        return [found[1] if found else value]
    return [value] if _SECRET.search(variable) else []


def _known(name: str, service: Service, _: Document) -> Iterator[str]:
    if service["image"] != OUR_IMAGE:
        return
    owners = [owner.name for owner in SERVICES] if service.get("profiles") else [name.partition("-")[0]]
    known = {one.variable for owner in (None, *owners) for one in Settings.sources(owner)}
    known |= {one.variable for one in Settings.sources(OWNER)} if name == "topics" else set()
    yield from (f"{variable} is no setting of it" for variable in service["environment"] if variable not in known)


def _listening(_: str, service: Service, __: Document) -> Iterator[str]:
    """A process of ours listens where others reach it, and its health check asks that port."""
    if service["image"] != OUR_IMAGE or _ends(service):
        return
    environ, command = service["environment"], [str(part) for part in service["command"]]
    if environ.get("MINGPAI_HOST") != "0.0.0.0":  # noqa: S104 -- inside a container, behind a loopback port
        yield "listens where nobody reaches it"
    port = command[command.index("--port") + 1] if "--port" in command else environ.get("MINGPAI_PORT")
    if f":{port}/readyz" not in " ".join(map(str, service.get("healthcheck", {}).get("test", ()))):
        yield "its health check does not ask its own /readyz"
    if "--port" in command and service.get("ports") != [f"{_LOOPBACK}:{port}:{port}"]:
        yield f"publishes {service.get('ports')}, but listens on {port} and names that in its pages"
    if "--data" in command and not any(str(volume).endswith(":/data") for volume in service.get("volumes", ())):
        yield "keeps /data in no volume"


_RULES: Final[tuple[Rule, ...]] = (_image, _closed, _volumes, _waiting, _secret, _known, _listening)
