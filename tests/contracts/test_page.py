from common.contracts.catalogue import EVENTS
from common.contracts.page import producer_page
from common.kernel.event import Audience, Event

PAGES = {service: producer_page(service) for service in dict.fromkeys(event.service for event in EVENTS.values())}
PAGE = "\n".join(PAGES.values())


def room(event_class: type[Event]) -> str:
    """Return the limit as the page writes it."""
    return "512 KiB" if event_class.large or event_class.audience is Audience.INTERNAL else "64 KiB"


def test_every_event_has_a_row_that_names_audience_subject_bytes_and_fields() -> None:
    rows = {line.split("`")[1]: line for line in PAGE.splitlines() if line.startswith("| `") and line.count("|") == 7}
    assert list(rows) == [event_class.__name__ for event_class in EVENTS.values()]
    for event_class in EVENTS.values():
        row = rows[event_class.__name__]
        assert f"| {event_class.audience} | `{event_class.subject_field}` | {room(event_class)} |" in row
        assert [name for name in event_class.model_fields if f"`{name}`" not in row] == []
        assert row.count("(internal)") == len(event_class.internal_fields())


def test_a_field_is_explained_with_its_type() -> None:
    lines = PAGE.splitlines()
    for expected in (
        "| all events about a round (年度) | `year` | integer | 年度: the year of the round |",
        "| `SupplementRequested` | `due_on` | date | The last day, in Asia/Shanghai, to supply it |",
        "| `RoundOpened` | `opens_at` | instant | The instant from which applications are taken |",
        "| `ObjectionResolved` | `verdict` | one of `upheld`, `rejected` | Whether it is upheld |",
        "| `NoticePublished` | `items` | list of `NoticeItem` | Every case on notice |",
        "| part `Contact` | `phone` | string or null | The telephone number, if given |",
    ):
        assert lines.count(expected) == 1, expected


def test_what_all_events_of_a_kind_carry_is_explained_once() -> None:
    rows = [line for line in PAGE.splitlines() if "| `version_after` |" in line]
    assert [row.split(" | ")[0] for row in rows] == ["| all events about a brand (称号)"]


def test_a_page_is_of_one_producer_and_the_same_each_time() -> None:
    for producer, page in PAGES.items():
        assert producer_page(producer) == page
        assert page.startswith(f"# Events: {producer}\n")
        assert page.endswith("\n")
        others = [event.__name__ for event in EVENTS.values() if event.service != producer]
        assert [name for name in others if f"| `{name}` " in page] == []
