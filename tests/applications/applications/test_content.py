from typing import Any

import pytest

from applications_service.intake.applications.content import attached, check, with_file, without_file
from applications_service.intake.applications.refusals import (
    ApplicationIncomplete,
    AttachmentNotFound,
    MaterialUnknown,
)
from common.files.refusals import FileTooLarge, FileTypeNotTaken
from common.files.store import StoredFile
from common.kernel.errors import Invalid
from support.casts.applying import HONOUR, RULES
from support.casts.programmes import answers, required_materials

PDF = StoredFile(digest="sha256:new", size=10, media_type="application/pdf")
TEXT = StoredFile(digest="sha256:new", size=10, media_type="text/plain")
HUGE = StoredFile(digest="sha256:new", size=10**12, media_type="application/pdf")
ENTRY: dict[str, Any] = {
    "kind": "licence",
    "name": "first.pdf",
    "digest": "sha256:new",
    "size": 10,
    "media_type": "application/pdf",
}
ALL = [{"kind": kind} for kind in required_materials(HONOUR)]


def test_an_attachment_is_found_by_its_digest() -> None:
    assert attached([ENTRY], "sha256:new") is ENTRY
    with pytest.raises(AttachmentNotFound):
        attached([ENTRY], "sha256:none")


def test_the_same_file_under_the_same_kind_is_kept_once_under_its_last_name() -> None:
    entries = with_file([], kind="licence", name="first.pdf", file=PDF, programme=RULES)
    assert entries == [ENTRY]

    again = with_file(entries, kind="licence", name="second.pdf", file=PDF, programme=RULES)
    other = with_file(entries, kind="declaration", name="first.pdf", file=PDF, programme=RULES)

    assert again == [{**ENTRY, "name": "second.pdf"}]
    assert other == [ENTRY, {**ENTRY, "kind": "declaration"}]
    assert entries == [ENTRY]


@pytest.mark.parametrize(
    ("kind", "file", "refusal", "says"),
    [
        ("poem", PDF, MaterialUnknown, "此种材料"),
        ("licence", TEXT, FileTypeNotTaken, "application/pdf、image/jpeg、image/png"),
        ("licence", HUGE, FileTooLarge, "10485760"),
    ],
    ids=["kind", "format", "size"],
)
def test_what_the_programme_does_not_ask_for_is_not_attached(
    kind: str, file: StoredFile, refusal: type[Invalid], says: str
) -> None:
    with pytest.raises(refusal) as refused:
        with_file([], kind=kind, name="a.pdf", file=file, programme=RULES)

    assert says in refused.value.text()


def test_a_file_is_removed_from_its_kind_only() -> None:
    other = {**ENTRY, "kind": "declaration"}
    assert without_file([ENTRY, other], kind="licence", file_digest="sha256:new") == [other]
    with pytest.raises(AttachmentNotFound):
        without_file([other], kind="licence", file_digest="sha256:new")


def test_complete_content_passes_and_every_gap_is_named_at_once() -> None:
    check(answers(HONOUR), ALL, programme=RULES)
    lacking = answers(HONOUR)
    del lacking["trademark"]

    with pytest.raises(ApplicationIncomplete) as refused:
        check(lacking, ALL[1:], programme=RULES)

    assert [problem.pointer for problem in refused.value.problems] == [
        "/answers/trademark",
        f"/attachments/{ALL[0]['kind']}",
    ]
