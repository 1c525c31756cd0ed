"""Every metric that alerts is in a runbook, and every metric that a runbook names exists."""

from pathlib import Path

from prometheus_client import REGISTRY

from embedded.origin.parts import SERVICES
from support.rules.metrics import exposed, undescribed, unknown

DOCS = Path(__file__).parents[2] / "docs"
RUNBOOKS = {path.name: path.read_text("utf-8") for path in (DOCS / "runbooks").glob("*.md")}
EVERYWHERE = {str(path.relative_to(DOCS)): path.read_text("utf-8") for path in DOCS.rglob("*.md")}
DATABASES = {f"mingpai_{service.name}" for service in SERVICES}
"""Named alike by the pages, and no metrics."""


def test_every_metric_says_in_a_runbook_what_it_measures_when_to_worry_and_what_to_do() -> None:
    assert [service.name for service in SERVICES] == ["applications", "review", "registry", "notifications"]
    assert len(exposed(REGISTRY)) > 15
    assert undescribed(exposed(REGISTRY), RUNBOOKS) == []


def test_every_metric_that_a_page_names_exists() -> None:
    assert unknown(exposed(REGISTRY) | DATABASES, EVERYWHERE) == []


def test_a_metric_that_nobody_describes_or_two_do_is_found() -> None:
    page = RUNBOOKS["outbox.md"].replace("| it grows for minutes | look at the age and the failures below |", "| |")
    assert page != RUNBOOKS["outbox.md"]

    assert undescribed({"mingpai_outbox_rows"}, {"outbox.md": page}) == ["mingpai_outbox_rows is described 0 times"]
    assert undescribed({"mingpai_planted"}, RUNBOOKS) == ["mingpai_planted is described 0 times"]
    assert undescribed({"mingpai_relay_active"}, {"a": RUNBOOKS["outbox.md"], "b": RUNBOOKS["outbox.md"]}) == [
        "mingpai_relay_active is described 2 times"
    ]


def test_a_page_that_names_a_metric_that_is_not_there_is_found() -> None:
    page = RUNBOOKS["outbox.md"].replace("mingpai_outbox_published_total", "mingpai_outbox_published")

    assert unknown(exposed(REGISTRY), {"outbox.md": page}) == ["outbox.md: there is no mingpai_outbox_published"]
    assert unknown({"mingpai_seconds"}, {"a.md": "`mingpai_seconds_bucket` and `mingpai_{service}`"}) == []
