"""The rules of the one image of ours, as functions of its files' text: each returns its violations."""

import re


def dockerfile_problems(text: str, members: list[str]) -> list[str]:
    """The image holds every member, in the locked versions, runs without privileges and has a health check."""
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
    if re.search(r"(?m)^VOLUME ", last):
        problems.append("leaves a volume behind for every container")
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
