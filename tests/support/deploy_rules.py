"""The rules of what starts the platform in containers, as functions of the files' text: each returns its violations."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from common.settings import Settings

OUR_IMAGE = "mingpai:local"
_SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|KEY")
_GIVEN = re.compile(r"\$\{[A-Z_]+(:-)?\}")
_LOOPBACK = "127.0.0.1"


def compose_problems(text: str) -> list[str]:
    """Our containers can't write but to their data, listen on loopback, and take no secret from the file."""
    document = yaml.safe_load(text)
    services: Mapping[str, Mapping[str, Any]] = document["services"]
    problems = []
    for name, service in services.items():
        problems += [f"{name}: {problem}" for problem in _any_service(service, document)]
        if service["image"] == OUR_IMAGE:
            problems += [f"{name}: {problem}" for problem in _our_service(service)]
    return problems


def _any_service(service: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    if ":" not in service["image"] or service["image"].endswith(":latest"):
        yield f"the image {service['image']} has no version"
    if service.get("privileged") or service.get("network_mode") == "host":
        yield "shares the machine's privileges or network"
    for port in service.get("ports", ()):
        if not str(port).startswith(f"{_LOOPBACK}:"):
            yield f"the port {port} is open beyond loopback"
    sources = [str(volume).partition(":")[0] for volume in service.get("volumes", ())]
    named = {source for source in sources if not source.startswith("./")}
    yield from (f"the volume {source} is not declared" for source in named - document.get("volumes", {}).keys())
    for needed in service.get("depends_on", {}):
        if "healthcheck" not in document["services"].get(needed, {}):
            yield f"waits for {needed}, which has no health check"
    for variable, value in service.get("environment", {}).items():
        secret = _SECRET.search(variable) or re.search(r"://[^/@]*:[^/@]+@", str(value))
        if secret and not _GIVEN.search(str(value)):
            yield f"{variable} holds a secret"


def _our_service(service: Mapping[str, Any]) -> Iterator[str]:
    if service.get("read_only") is not True:
        yield "its root file system can be written"
    if service.get("cap_drop") != ["ALL"] or "no-new-privileges:true" not in service.get("security_opt", ()):
        yield "keeps privileges that it does not need"
    command = [str(part) for part in service["command"]]
    port = command[command.index("--port") + 1]
    if service.get("ports") != [f"{_LOOPBACK}:{port}:{port}"]:
        yield f"publishes {service.get('ports')}, but listens on {port} and names that in its pages"
    data = command[command.index("--data") + 1]
    if not any(str(volume).endswith(f":{data}") for volume in service.get("volumes", ())):
        yield f"keeps {data} in no volume"
    environment = service.get("environment", {})
    if environment.get("MINGPAI_HOST") != "0.0.0.0":  # noqa: S104 -- inside a container, behind a loopback port
        yield "listens where no published port leads"
    known = {setting.variable for setting in Settings.sources()}
    yield from (f"{name} is no setting" for name in environment if name not in known)
    checked = " ".join(service.get("healthcheck", {}).get("test", [f":{port}/readyz" if port == "8000" else ""]))
    if f":{port}/readyz" not in checked:
        yield "its health check does not ask its own /readyz"


def dockerfile_problems(text: str, members: list[str]) -> list[str]:
    """The image holds every member, in the locked versions, runs as nobody special and can tell whether it is ready."""
    steps = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n", "", text)).splitlines()
    problems = [
        f"{step}: no fixed version" for step in steps if re.fullmatch(r"FROM (\S+:latest|[^:\s]+)( AS \w+)?", step)
    ]
    copied = {source for step in steps if step.startswith("COPY ") for source in step.split()[1:-1]}
    for member in members:
        if not any(member == source or member.startswith(f"{source}/") for source in copied):
            problems.append(f"{member} is not copied")
        if not re.search(rf"-e {re.escape(member)}(\s|$)", " ".join(steps)):
            problems.append(f"{member} is not installed")
    installs = [install.strip() for step in steps for install in re.findall(r"pip [^&|]*?install [^&|]*", step)]
    locked = ("--require-hashes", "-c requirements.lock")
    problems += [f"{i}: takes versions that nobody locked" for i in installs if not any(each in i for each in locked)]
    last = "\n".join(steps).rpartition("\nFROM ")[2]
    user = re.search(r"(?m)^USER (\S+)", last)
    if user is None or user[1].partition(":")[0] in {"0", "root"}:
        problems.append("runs as root")
    if not re.search(r"(?m)^HEALTHCHECK .*/readyz", last):
        problems.append("has no health check on /readyz")
    problems += [f"{step}: fetches by itself" for step in steps if step.startswith("ADD ")]
    return problems


def not_let_through(dockerfile: str, dockerignore: str) -> list[str]:
    """Whatever the image copies from the checkout is let through by `.dockerignore`."""
    steps = [step for step in dockerfile.splitlines() if step.startswith("COPY ") and "--from" not in step]
    allowed = [line[1:] for line in dockerignore.splitlines() if line.startswith("!")]
    copied = sorted({source for step in steps for source in step.split()[1:-1]})
    return [s for s in copied if not any(s == one or s.startswith(f"{one}/") for one in allowed)]
