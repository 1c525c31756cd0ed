"""What is written by hand is held to the code: links, quotations, commands, variables, metrics, codes."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from prometheus_client import Counter, Gauge

from common.contracts.catalogue import EVENTS
from common.messaging import metrics
from common.settings import SHARED_PREFIX, Settings, own_prefix
from embedded.docs.refusals import our_refusals
from embedded.docs.sources import ROOT
from embedded.origin.parts import SERVICES

FOLDERS = ("libs", "services", "examples")
WRITTEN = sorted(
    path
    for pattern in (
        "README.md",
        "docs/**/*.md",
        "libs/*/README.md",
        "services/*/README.md",
        "tests/**/README.md",
        "examples/*/README.md",
    )
    for path in ROOT.glob(pattern)
)
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def links(text: str) -> Iterator[str]:
    """Yield the targets of a page's links; a link's label may be code, an example in a code block is no link."""
    blocks_out = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    yield from (target for target in _LINK.findall(blocks_out) if "://" not in target)


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def broken(page: Path) -> list[str]:
    """Return the links of a page that lead nowhere, to a file or to a heading."""
    found = []
    for target in links(page.read_text("utf-8")):
        place, _, anchor = target.partition("#")
        file = (page.parent / place).resolve() if place else page
        if not file.exists() or (anchor and anchor not in anchors(file.read_text("utf-8"))):
            found.append(target)
    return found


def in_code(text: str) -> str:
    """Return everything on a page that is set as code."""
    return "\n".join(_CODE.findall(text))


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    assert broken(page) == []


def test_a_link_to_nothing_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Here\n[a](gone.md) [b](#here) [c](#there) [`d`](page.md#here)\n```\n[e](example.md)\n```\n")
    assert broken(page) == ["gone.md", "#there"]


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_no_page_links_to_a_folder_outside_the_project(page: Path) -> None:
    for target in links(page.read_text("utf-8")):
        assert (page.parent / target.partition("#")[0]).resolve().is_relative_to(ROOT), target


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        for target in links(page.read_text("utf-8")):
            place = (page.parent / target.partition("#")[0]).resolve()
            waiting += [place] if place.suffix == ".md" else sorted(place.glob("*.md")) if place.is_dir() else []
    assert [name_of(page) for page in WRITTEN if page not in seen] == []


def test_what_the_how_to_quotes_stands_in_the_file_named_above_it() -> None:
    page = ROOT / "docs/how-to/add-a-verb.md"
    text = page.read_text("utf-8")
    quotations = list(_BLOCK.finditer(text))
    assert len(quotations) > 5
    for quotation in quotations:
        named = list(links(text[: quotation.start()]))[-1]
        source = (page.parent / named).resolve().read_text("utf-8").splitlines()
        wanted = [line for line in quotation[1].splitlines() if line.strip() not in {"", "…"}]
        assert [line for line in wanted if line not in source] == [], named


def test_every_variable_that_is_named_is_a_setting_or_asked_for_by_the_compose_files() -> None:
    prefixes = [SHARED_PREFIX, *(own_prefix(service.name) for service in SERVICES)]
    known = {f"{prefix}{field.upper()}" for prefix in prefixes for field in Settings.model_fields}
    for file in ROOT.glob("docker-compose*.yml"):
        known |= set(re.findall(r"\$\{([A-Z_]+)", file.read_text("utf-8")))
    mentioned = re.compile(rf"\b(?:{'|'.join(prefixes)})[A-Z_]*[A-Z]\b")
    for page in WRITTEN:
        assert set(mentioned.findall(page.read_text("utf-8"))) <= known, name_of(page)


def not_as_published(readme: str, service: str) -> list[str]:
    """Return the events of a service that its README does not name, and the names there that are no event of it."""
    section = readme.partition("## Publishes")[2].partition("\n## ")[0]
    named = [name.replace("…", ".*") for name in re.findall(r"`([A-Z]\w+…?)`", section)]
    own = {event.__name__ for event in EVENTS.values() if event.service == service}
    missing = [name for name in own if not any(re.fullmatch(each, name) for each in named)]
    return sorted(missing + [each for each in named if not any(re.fullmatch(each, name) for name in own)])


@pytest.mark.parametrize("service", [service.name for service in SERVICES])
def test_every_service_names_the_events_that_it_publishes(service: str) -> None:
    readme = (ROOT / "services" / service / "README.md").read_text("utf-8")

    assert not_as_published(readme, service) == []


def test_an_event_that_is_not_named_and_a_name_that_is_no_event_are_found() -> None:
    readme = (ROOT / "services/registry/README.md").read_text("utf-8").replace("`BrandWarned`", "`BrandScolded`")

    assert not_as_published(readme, "registry") == ["BrandScolded", "BrandWarned"]


def test_every_metric_that_is_named_is_measured() -> None:
    measured = set()
    for value in vars(metrics).values():
        if isinstance(value, Counter | Gauge):
            measured |= {sample.name for metric in value.collect() for sample in metric.samples}
            (described,) = value.describe()
            measured.add(described.name + ("_total" if isinstance(value, Counter) else ""))
    for page in (ROOT / "docs").rglob("*.md"):
        named = set(re.findall(r"\bmingpai_(?:outbox|consumer|relay)_\w+", page.read_text("utf-8")))
        assert named <= measured, name_of(page)


def test_every_problem_that_is_refused_as_something_is_so_called() -> None:
    codes = {kind.code for kind in our_refusals()}
    for page in WRITTEN:
        for code in re.findall(r"refused\s+as\s+`([a-z0-9-]+)`", page.read_text("utf-8")):
            assert code in codes, name_of(page)


def test_every_task_that_is_named_is_one_of_make() -> None:
    tasks = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in WRITTEN:
        named = set(re.findall(r"\bmake ([a-z-]+)", in_code(page.read_text("utf-8"))))
        assert named <= tasks, name_of(page)


def test_every_module_that_is_run_on_the_command_line_is_there() -> None:
    for page in WRITTEN:
        for module in re.findall(r"python -m ([\w.]+)", in_code(page.read_text("utf-8"))):
            assert find_spec(module) is not None, f"{name_of(page)}: {module}"


def test_the_page_of_sagas_names_every_event_that_a_service_consumes() -> None:
    text = (ROOT / "docs/sagas.md").read_text("utf-8")
    rows = re.findall(r"^\| (\w+) \| (`\w+`(?:, `\w+`)*) \|", text, re.MULTILINE)
    named = {(consumer, event) for consumer, events in rows for event in re.findall(r"`(\w+)`", events)}

    assert named == {
        (service.name, event.__name__)
        for service in SERVICES
        for reactions in service.readers.values()
        for event in reactions
    }
