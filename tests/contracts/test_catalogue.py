"""What every event has in common, and that each one the design names is there."""

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, get_args

import pytest

from common.contracts.catalogue import EVENTS, PRODUCERS, example
from common.contracts.registry.brands import BrandEvent
from common.contracts.schema import outside_schema
from common.kernel.event import INTERNAL, Audience, Event, InternalField, Part

EVENT_CLASSES = sorted(EVENTS.values(), key=lambda event_class: event_class.type_name())
PERSONAL = frozenset(
    {
        "address", "contact", "contacts", "email", "expert", "experts", "mobile", "objector", "panel", "person",
        "phone", "reviewer", "reviewers", "score", "scores", "sheet", "sub", "votes_by",
    }
)  # fmt: skip
OUTSIDE_LIMIT = 64 * 1024

# written by hand from the design, so that nothing disappears or changes its audience by a slip
PUBLISHED = {
    "applications": {
        "public": [
            "ProgrammePublished",
            "RoundOpened",
            "RoundExtended",
            "RoundClosed",
            "AcceptanceOverdue",
            "AcceptanceConcluded",
            "CalendarPublished",
        ],
        "agency": [
            "ApplicationSubmitted",
            "ApplicationReturned",
            "ApplicationRecommended",
            "SupplementRequested",
            "SupplementExtended",
            "SupplementReceived",
            "ApplicationOverdue",
            "DeadlineMoved",
            "ApplicationEscalated",
            "ApplicationHandedBack",
            "ApplicationLapsed",
            "ApplicantCorrected",
            "ApplicantRenamed",
            "ApplicantMerged",
            "ApplicationCorrected",
            "ApplicationMoved",
            "ApplicationAccepted",
            "ApplicationRejected",
            "WithdrawalRequested",
            "ApplicationWithdrawn",
            "UsccExceptionAdmitted",
        ],
        "internal": ["ContactChanged", "TermReminded"],
    },
    "review": {
        "public": ["NoticePublished", "AnnouncementPublished"],
        "agency": [
            "ReviewOpened",
            "PanelChanged",
            "PanelDissolved",
            "PanelDrawn",
            "ReviewScored",
            "ReviewCompleted",
            "ReviewHeld",
            "ReviewReleased",
            "WithdrawalSettled",
            "ShortlistProposed",
            "ShortlistChanged",
            "ObjectionFiled",
            "HearingOpened",
            "HearingMoved",
            "ObjectionOverdue",
            "ObjectionResolved",
            "DeliberationConcluded",
            "ListHeld",
            "ListReturned",
            "ListRefused",
            "ListConfirmed",
        ],
        "internal": ["RecusalDeclared", "RecusalLifted", "DeskReminded"],
    },
    "registry": {
        "public": [
            "BrandRegistered",
            "BrandTookEffect",
            "BrandWarned",
            "BrandSuspended",
            "BrandReinstated",
            "BrandRevoked",
            "BrandCancelled",
            "BrandExpired",
        ]
    },
    "notifications": {"internal": ["MessageDelivered", "MessageFailed"]},
}

# likewise: what never leaves the internal topic of an event that others may see
INTERNAL_FIELDS = {
    "PanelChanged": {"readers"},
    "PanelDrawn": {"readers"},
    "ApplicationSubmitted": {"snapshot", "contact"},
    "ApplicationAccepted": {"snapshot", "recommenders"},
    "ReviewCompleted": {"registration", "recommenders"},
    "ObjectionFiled": {"objector", "grounds"},
    "HearingOpened": {"question"},
}


class BrandGossiped(BrandEvent):
    """传闻: planted, an event that discloses too much."""

    holder_email: str
    talk: tuple["Whisper", ...]
    contact: Annotated[str, INTERNAL]


class BrandGossipedV2(BrandEvent, major=2):
    """传闻: planted, the next version of an event beside the one before."""


class Whisper(Part):
    """Planted: a part with a person, and a mark where it has no effect."""

    expert: str
    secret: Annotated[str, INTERNAL]
    maybe: Annotated[str, INTERNAL] | None


def parts_of(model: type[Part]) -> Iterator[type[Part]]:
    """Yield the models that a model is made of, itself first."""
    yield model
    for field in model.model_fields.values():
        for inner in flat(field.annotation):
            if isinstance(inner, type) and issubclass(inner, Part):
                yield from parts_of(inner)


def flat(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 -- an annotation is anything
    """Yield everything inside an annotation, metadata included."""
    yield annotation
    for inner in (*get_args(annotation), *getattr(annotation, "__metadata__", ())):
        yield from flat(inner)


def personal(event_class: type[Event]) -> list[str]:
    """List the names of outside fields that look as if they held something about a person."""
    schema = outside_schema(event_class)
    objects = [schema, *schema.get("$defs", {}).values()]
    names = [name for content in objects for name in content.get("properties", {})]
    return [name for name in names if PERSONAL & {name, *name.split("_")}]


def marks_without_effect(event_class: type[Event]) -> list[str]:
    """List the fields whose internal mark the projection would not see."""
    found = []
    for part in parts_of(event_class):
        for name, field in part.model_fields.items():
            nested = any(isinstance(inner, InternalField) for inner in flat(field.annotation))
            if nested or (part is not event_class and INTERNAL in field.metadata):
                found.append(f"{part.__name__}.{name}")
    return found


def test_the_events_are_those_of_the_design_each_with_its_audience() -> None:
    designed = {
        f"cn.mingpai.{service}.{name}.v1": audience
        for service, by_audience in PUBLISHED.items()
        for audience, names in by_audience.items()
        for name in names
    }
    assert EVENTS.keys() - designed.keys() == set(), "add the event to PUBLISHED at the head of this file"
    assert {type_name: event_class.audience.value for type_name, event_class in EVENTS.items()} == designed


def test_the_internal_fields_are_those_of_the_design() -> None:
    marked = {event_class.__name__: event_class.internal_fields() for event_class in EVENT_CLASSES}
    assert {name: fields for name, fields in marked.items() if fields} == INTERNAL_FIELDS


def test_an_event_lives_in_the_module_of_its_kind_of_subject_below_its_producer() -> None:
    assert [producer.__name__ for producer in PRODUCERS] == [f"common.contracts.{service}" for service in PUBLISHED]
    places = {(event.service, event.subject_field): event.__module__ for event in EVENT_CLASSES}
    assert {(event.service, event.subject_field, event.__module__) for event in EVENT_CLASSES} == {
        (service, subject, f"common.contracts.{service}.{subject.removesuffix('_id')}s") for service, subject in places
    }


def test_events_about_one_kind_of_subject_have_one_audience() -> None:
    found = {(event.service, event.subject_field, event.audience) for event in EVENT_CLASSES}
    assert len(found) == len({(event.service, event.subject_field) for event in EVENT_CLASSES})


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=lambda event_class: event_class.__name__)
def test_an_event_and_each_of_its_fields_say_what_they_mean(event_class: type[Event]) -> None:
    assert re.fullmatch(r"[\u4e00-\u9fff]+: .+\.", event_class.__doc__ or "")
    silent = [
        f"{part.__name__}.{name}"
        for part in parts_of(event_class)
        for name, field in part.model_fields.items()
        if not field.description or not field.examples
    ]
    assert silent == []


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=lambda event_class: event_class.__name__)
def test_times_and_dates_are_named_after_what_they_are(event_class: type[Event]) -> None:
    schema = outside_schema(event_class)
    for content in (schema, *schema.get("$defs", {}).values()):
        for name, field in content.get("properties", {}).items():
            assert (field.get("format") == "date-time") == name.endswith("_at"), name
            assert not name.endswith("_on") or field.get("format") == "date", name


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=lambda event_class: event_class.__name__)
def test_the_subject_is_a_field_that_everybody_sees(event_class: type[Event]) -> None:
    event = example(event_class)
    assert json.loads(event.projection())[event_class.subject_field] == event.subject
    assert len(event.projection()) < OUTSIDE_LIMIT


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=lambda event_class: event_class.__name__)
def test_nothing_personal_leaves_the_internal_topic(event_class: type[Event]) -> None:
    if event_class.audience is not Audience.INTERNAL:
        assert personal(event_class) == []


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=lambda event_class: event_class.__name__)
def test_no_internal_mark_is_without_effect(event_class: type[Event]) -> None:
    assert marks_without_effect(event_class) == []


def test_something_personal_would_be_noticed() -> None:
    BrandGossiped.model_rebuild()
    assert personal(BrandGossiped) == ["holder_email", "expert"]


def test_a_mark_without_effect_would_be_noticed() -> None:
    BrandGossiped.model_rebuild()
    assert marks_without_effect(BrandGossiped) == ["Whisper.secret", "Whisper.maybe"]


def test_two_versions_of_an_event_stand_beside_each_other() -> None:
    assert BrandGossiped.type_name() == "cn.mingpai.registry.BrandGossiped.v1"
    assert BrandGossipedV2.type_name() == "cn.mingpai.registry.BrandGossiped.v2"


def test_an_event_cannot_be_changed() -> None:
    event = example(EVENTS["cn.mingpai.registry.BrandRevoked.v1"])
    with pytest.raises(ValueError, match="frozen"):
        event.number = "another"  # type: ignore[attr-defined]  # the class is known at run time only
