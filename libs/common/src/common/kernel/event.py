"""The base of all events: a fact in the past tense about one subject; the kind of subject decides who may see it.

The whole event goes to the producer's internal topic; a wider audience gets the projection without internal fields.
An event that is larger than its contract says is refused. The envelope follows CloudEvents 1.0 (https://cloudevents.io)
and its conventions for extension attributes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict

from common.kernel.errors import EventTooLarge
from common.kernel.values.sizes import LARGEST, LARGEST_OUTSIDE

SEQUENCE_DIGITS: Final = 20


class Audience(StrEnum):
    """Who may see an event outside the four services."""

    PUBLIC = "public"
    AGENCY = "agency"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class InternalField:
    """The mark of a field that never leaves the internal topic."""


INTERNAL: Final = InternalField()


def topic(service: str, audience: Audience) -> str:
    """Return the topic on which a service publishes for this audience."""
    return f"mingpai.{service}.{audience}.v1"


class Part(BaseModel):
    """A value inside an event: frozen, unknown fields ignored, so that additive changes stay compatible."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Part):
    """The base of all events; the class keywords of a producer's base give service, audience and subject field.

    An event is about one case unless the class says `large=True`: it is about a whole round or programme.
    """

    service: ClassVar[str]
    audience: ClassVar[Audience]
    subject_field: ClassVar[str]
    large: ClassVar[bool] = False
    major: ClassVar[int] = 1

    def __init_subclass__(
        cls,
        *,
        service: str | None = None,
        audience: Audience | None = None,
        subject: str | None = None,
        large: bool | None = None,
        major: int | None = None,
        **kwargs: Any,  # noqa: ANN401 -- pydantic's own keywords pass through
    ) -> None:
        super().__init_subclass__(**kwargs)
        if service is not None:
            cls.service = service
        if audience is not None:
            cls.audience = audience
        if subject is not None:
            cls.subject_field = subject
        if large is not None:
            cls.large = large
        if major is not None:
            cls.major = major

    @classmethod
    def versioned_name(cls) -> str:
        """Return producer, name and version, e.g. `registry.BrandRevoked.v1`; `BrandRevokedV2` is its v2."""
        return f"{cls.service}.{cls.__name__.removesuffix(f'V{cls.major}')}.v{cls.major}"

    @classmethod
    def type_name(cls) -> str:
        """Return the CloudEvents type, e.g. `cn.mingpai.registry.BrandRevoked.v1`."""
        return f"cn.mingpai.{cls.versioned_name()}"

    @classmethod
    def topics(cls) -> tuple[str, ...]:
        """Return the topics of the event: the internal one first, then that of the projection."""
        internal = topic(cls.service, Audience.INTERNAL)
        if cls.audience is Audience.INTERNAL:
            return (internal,)
        return (internal, topic(cls.service, cls.audience))

    @classmethod
    def limit(cls, audience: Audience) -> int:
        """Return how many bytes the content may have on the topic for this audience."""
        return LARGEST if cls.large or audience is Audience.INTERNAL else LARGEST_OUTSIDE

    @classmethod
    @cache
    def internal_fields(cls) -> frozenset[str]:
        """Return the names of the fields that stay on the internal topic."""
        return frozenset(name for name, field in cls.model_fields.items() if INTERNAL in field.metadata)

    @property
    def subject(self) -> str:
        """Return the id of the aggregate that the event is about; events with the same id stay in order."""
        return str(getattr(self, self.subject_field))

    def whole(self) -> bytes:
        """Serialise every field, for the internal topic."""
        return self.model_dump_json().encode()

    def projection(self) -> bytes:
        """Serialise the fields that the audience may see."""
        return self.model_dump_json(exclude=set(self.internal_fields())).encode()

    def payloads(self) -> dict[str, bytes]:
        """Serialise the event for each of its topics, the internal one first. Raises EventTooLarge."""
        contents = {Audience.INTERNAL: self.whole()}
        if self.audience is not Audience.INTERNAL:
            contents[self.audience] = self.projection()
        for audience, content in contents.items():
            if len(content) > self.limit(audience):
                raise EventTooLarge(event=self.type_name(), size=len(content), limit=self.limit(audience))
        return {topic(self.service, audience): content for audience, content in contents.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The CloudEvents context of one record; the attributes are named as in CloudEvents."""

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    dataschema: str
    sequence: str
    correlationid: str
    causationid: str | None = None
    traceparent: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the binary-mode headers (`ce_…`) of the Kafka protocol binding."""
        values = {
            "specversion": "1.0",
            "id": self.id,
            "type": self.type,
            "source": self.source,
            "subject": self.subject,
            "time": self.time.isoformat().replace("+00:00", "Z"),
            "dataschema": self.dataschema,
            "sequence": self.sequence,
            "correlationid": self.correlationid,
            "causationid": self.causationid,
            "traceparent": self.traceparent,
        }
        return {"content-type": "application/json"} | {f"ce_{k}": v for k, v in values.items() if v is not None}

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> Self:
        """Read the context back; raises KeyError or ValueError on a header that is missing or malformed."""
        return cls(
            id=headers["ce_id"],
            type=headers["ce_type"],
            source=headers["ce_source"],
            subject=headers["ce_subject"],
            time=datetime.fromisoformat(headers["ce_time"]),
            dataschema=headers["ce_dataschema"],
            sequence=headers["ce_sequence"],
            correlationid=headers["ce_correlationid"],
            causationid=headers.get("ce_causationid"),
            traceparent=headers.get("ce_traceparent"),
        )


def sequence_text(number: int) -> str:
    """Return a sequence number as the zero-padded decimal string of the envelope."""
    return f"{number:0{SEQUENCE_DIGITS}d}"
