"""`/v1/audit`: who did what, with the hash chain; every service answers for the subjects whose ids it gives.

All services have this one path: a gateway finds the service by the parameters (`owner_of`).
"""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final
from urllib.parse import parse_qs

from fastapi import Query
from pydantic import BaseModel, Field

from common.kernel.actor import Actor
from common.kernel.model import prefixes
from common.kernel.text import ShortText, TypedText
from common.kernel.values.keys import fold_id
from common.storage.audit.reading import about, is_shown, sealed
from common.storage.audit.refusals import AuditOfWhat, AuditSubjectUnknown
from common.storage.audit.sealing import OPEN, PERSONAL, digest_of, is_intact, salt_of, text_of
from common.web.answers.pagination import Page, Paging, page
from common.web.refusals import FilterValueUnknown
from common.web.router import Router, Work

router = Router("audit")
PATH: Final = "/v1/audit"


class PersonalField(BaseModel):
    """A field about a person; without its salt the value is withheld from this reader."""

    digest: str = Field(description="SHA-256 over the salt and the value as canonical JSON; the row's hash covers it.")
    salt: str | None
    value: str | None


class AuditSeal(BaseModel):
    """The place of a row in the hash chain of its service."""

    position: int
    previous: str
    hash: str
    intact: bool = Field(description="Whether the row still has the content that was sealed; anyone can verify it.")


class AuditRow(BaseModel):
    """One act: who did what to which subject, when and why; `seal` is null for a few seconds after it."""

    seq: int
    id: str
    at: str = Field(json_schema_extra={"format": "date-time"})
    legal_at: str = Field(json_schema_extra={"format": "date-time"})
    action: str
    subject_type: str
    subject_id: str
    from_state: str | None
    to_state: str | None
    caused_by: str | None
    request_id: str | None
    disclosure: str = Field(description="Who may see the personal fields: `readers`, `observers` or `nobody`.")
    actor_sub: PersonalField
    actor_org: PersonalField
    reason: PersonalField
    payload_digest: PersonalField
    seal: AuditSeal | None


@router.query(allow={"office", "observer"}, may_miss=True)
async def list_audit(
    work: Work,
    paging: Paging,
    subject: Annotated[TypedText | None, Query(description="The id of what the acts are about.")] = None,
    service: Annotated[ShortText | None, Query(description="Whose audit; needed for an id without prefix.")] = None,
) -> Page[AuditRow]:
    """List what was done to a subject, or the whole hash chain of a service, in order."""
    if subject is None and service is None:
        raise AuditOfWhat
    if service is not None and service != work.storage.service:
        raise FilterValueUnknown(parameter="service")  # a gateway sends the name of another service there
    records = work.storage.records
    known = prefixes(records.audit.metadata)
    if service is None and _prefix(subject) not in known:
        raise AuditSubjectUnknown
    if subject is None:
        position = records.seals.c.position
        found = await page(
            work, sealed(records), paging, sortable={"position": position}, sort="position", key=position
        )
    else:
        seq = records.audit.c.seq
        found = await page(work, about(records, subject), paging, sortable={"seq": seq}, sort="seq", key=seq)
        if not found.rows and paging.cursor is None:
            raise AuditSubjectUnknown
    items = [shown(row._mapping, work.actor) for row in found.rows]  # noqa: SLF001 -- SQLAlchemy's public name for it
    return Page[AuditRow](items=items, next_cursor=found.next_cursor, total=found.total)


def owner_of(query: str, services: Mapping[str, Collection[str]]) -> str:
    """Return the service that answers a query string; `services` maps each name to the prefixes of its ids.

    It is the first one when none is meant: that one refuses the request as any of them would.
    """
    given = parse_qs(query)
    named, subject = given.get("service", [None])[0], given.get("subject", [None])[0]
    if named is not None:
        return named if named in services else next(iter(services))
    prefix = _prefix(subject)
    return next((name for name, known in services.items() if prefix in known), next(iter(services)))


def _prefix(subject: str | None) -> str | None:
    prefix, mark, _ = fold_id(subject or "").partition("_")
    return prefix if mark else None


def shown(row: Mapping[Any, Any], actor: Actor) -> AuditRow:
    """Return the view of a row, with its seal if it has one, for the actor."""
    given: dict[str, Any] = {name: text_of(row[name]) for name in OPEN}
    for name in PERSONAL:
        open_to_reader = is_shown(row, name, actor)
        given[name] = PersonalField(
            digest=digest_of(row, name),
            salt=salt_of(row, name).hex() if open_to_reader else None,
            value=text_of(row[name]) if open_to_reader else None,
        )
    seal = None
    if row["position"] is not None:
        seal = AuditSeal(position=row["position"], previous=row["previous"], hash=row["hash"], intact=is_intact(row))
    return AuditRow(seq=row["seq"], seal=seal, **given)
