"""The content of an application (申报材料): answers, attachments, and the snapshot that is frozen under a digest."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from applications_service.intake.applications.refusals import (
    ApplicationIncomplete,
    ApplicationOverlaps,
    AttachmentNotFound,
    MaterialUnknown,
    TooManyAttachments,
)
from common.files.attached import Entries, with_file as attached_with
from common.files.refusals import FileTooLarge, FileTypeNotTaken
from common.files.store import StoredFile
from common.kernel.errors import FieldProblem
from common.programme import Programme, RuleResult

MOST_ATTACHMENTS: Final = 100
"""How many files an application may have: the list of them is part of the snapshot, whose size is limited."""


_INCOMPLETE: Final = ("申报内容不符合方案要求。", "The form or the materials lack what the programme demands.")
_OVERLAPS: Final = (ApplicationOverlaps.zh, ApplicationOverlaps.en)


def attached(entries: Entries, file_digest: str) -> dict[str, Any]:
    """Return the entry of an attached file; raises AttachmentNotFound."""
    for entry in entries:
        if entry["digest"] == file_digest:
            return entry
    raise AttachmentNotFound(key=file_digest)


def with_file(
    entries: Entries, *, kind: str, name: str, file: StoredFile, programme: Programme
) -> list[dict[str, Any]]:
    """Return the entries with this file added; a file is stored once per kind, under its latest name.

    Raises MaterialUnknown when the programme does not ask for this material, FileTypeNotTaken and FileTooLarge when it
    does not take this format or size, and TooManyAttachments for one more than an application may have.
    """
    material = programme.material(kind)
    if material is None:
        raise MaterialUnknown
    if file.media_type not in material.media_types:
        raise FileTypeNotTaken(allowed="、".join(material.media_types))
    if file.size > material.max_bytes:
        raise FileTooLarge(limit=material.max_bytes)
    added = attached_with(entries, kind=kind, name=name, file=file)
    if len(added) > MOST_ATTACHMENTS:
        raise TooManyAttachments(limit=MOST_ATTACHMENTS)
    return added


def without_file(entries: Entries, *, kind: str, file_digest: str) -> list[dict[str, Any]]:
    """Return the entries without this file under this kind; raises AttachmentNotFound."""
    if not has_file(entries, kind=kind, file_digest=file_digest):
        raise AttachmentNotFound(key=file_digest)
    return [each for each in entries if (each["kind"], each["digest"]) != (kind, file_digest)]


def has_file(entries: Entries, *, kind: str, file_digest: str) -> bool:
    """Return whether this file is attached under this kind."""
    return any((each["kind"], each["digest"]) == (kind, file_digest) for each in entries)


def check(answers: Mapping[str, Any], entries: Entries, *, programme: Programme) -> None:
    """Check the answers against the form and the attachments against the materials that the programme demands.

    Raises ApplicationIncomplete, which names every wrong place.
    """
    problems = problems_of(answers, entries, programme=programme)
    if problems:
        raise ApplicationIncomplete(count=len(problems), problems=problems)


def problems_of(answers: Mapping[str, Any], entries: Entries, *, programme: Programme) -> list[FieldProblem]:
    """Return every place of the answers and the attachments that the programme does not accept."""
    in_form = [replace(each, pointer=f"/answers{each.pointer}") for each in programme.check_form(answers)]
    return [*in_form, *programme.check_materials({each["kind"] for each in entries})]


def rules_of_intake(problems: Sequence[FieldProblem], *, others_in_scope: int) -> tuple[RuleResult, ...]:
    """Return the answers to the two rules of every submission: it is complete, and it is the only one for its item."""
    places = [{"pointer": each.pointer, "code": each.code} for each in problems]
    count = [others_in_scope] if others_in_scope else []
    return (
        RuleResult.found(ApplicationIncomplete.code, "intake", *_INCOMPLETE, problems=places),
        RuleResult.found(ApplicationOverlaps.code, "intake", *_OVERLAPS, applications=count),
    )
