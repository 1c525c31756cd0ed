"""No byte of an upload stays that no command refers to, and no organisation stores more than its quota."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest

from common.files.local import LocalFiles
from common.kernel.actor import Actor, Role
from common.kernel.digests import digest_bytes
from common.kernel.errors import Transient
from common.uploads import storage
from common.uploads.keeping import sweep, taken_in
from support.casts.applying import APPLICANT, OTHER_USCC, PDF, STRANGER, USCC, attach, begin, draft, register
from support.service.alone import Alone
from support.service.pdfs import pdf_of

FIRM = Actor(sub="p", org=USCC, roles=frozenset({Role.APPLICANT}), division=None, client="test")
OTHER = Actor(sub="q", org=OTHER_USCC, roles=frozenset({Role.APPLICANT}), division=None, client="test")


def stored(service: Alone) -> list[bytes]:
    """Return the content of every file in the store's folder, half stored ones too."""
    return [path.read_bytes() for path in Path(service.runtime.settings.files).rglob("*") if path.is_file()]


async def states(service: Alone) -> list[tuple[str, str]]:
    return sorted((row["org"], row["state"]) for row in await service.rows("uploads"))


def allow(service: Alone, quota: int) -> None:
    service.runtime.settings = service.runtime.settings.model_copy(update={"files_quota": quota})


async def left_by_a_crash(service: Alone, actor: Actor, content: bytes) -> str:
    """Do what a process does that ends between storing a file and its command."""
    runtime = service.runtime
    async with runtime.transaction(actor=actor, correlation=runtime.own_correlation()) as work:
        upload = await storage.begin(work, digest=digest_bytes(content), size=len(content), quota=10**9)
    await runtime.ports.files.put(content, limit=10**6)
    return upload


async def test_a_refused_upload_leaves_nothing_at_once(service: Alone) -> None:
    before = await draft(service)
    refusals = {
        "material-unknown": attach(service, before["id"], "poem", content=pdf_of("1")),
        "file-type-not-taken": attach(service, before["id"], "licence", content=b"MZ"),
        "file-unreadable": attach(service, before["id"], "licence", content=pdf_of("2", password="p")),
        "version-stale": attach(service, before["id"], "licence", content=pdf_of("3"), If_Match='"9"'),
        "application-not-found": attach(service, "app_0", "licence", content=pdf_of("4")),
        "request-invalid": attach(service, before["id"], "k" * 101, content=pdf_of("5")),
    }
    for code, sending in refusals.items():
        refused = await sending
        assert refused.json()["code"] == code
        assert (stored(service), await states(service)) == ([], []), code

    assert (await attach(service, before["id"], "licence")).status_code == 201
    assert (stored(service), await states(service)) == ([PDF], [(USCC, "kept")])


async def test_a_repeated_request_and_a_repeated_file_keep_the_one_that_is_there(service: Alone) -> None:
    before = await draft(service)
    for key in ("one", "one", "two"):
        assert (await attach(service, before["id"], "licence", Idempotency_Key=key)).status_code == 201
    assert (await attach(service, before["id"], "poem")).status_code == 422

    await sweep(service.runtime)

    assert stored(service) == [PDF]
    assert await states(service) == [(USCC, "kept")]


async def test_what_a_crash_left_is_swept_after_an_hour_and_shared_bytes_stay(service: Alone) -> None:
    before = await draft(service)
    await attach(service, before["id"], "licence")
    alone_, shared = pdf_of("left"), PDF
    await left_by_a_crash(service, FIRM, alone_)
    await left_by_a_crash(service, OTHER, shared)

    service.system.move(minutes=59)
    assert await sweep(service.runtime) == 0
    assert sorted(stored(service)) == sorted([PDF, alone_])
    service.system.move(minutes=1)
    assert await sweep(service.runtime) == 2
    assert await sweep(service.runtime) == 0

    assert (stored(service), await states(service)) == ([PDF], [(USCC, "kept")])


async def test_a_removal_that_was_interrupted_is_repeated_and_no_upload_begins_meanwhile(service: Alone) -> None:
    content = pdf_of("left")
    upload = await left_by_a_crash(service, FIRM, content)
    runtime = service.runtime
    async with runtime.transaction(actor=FIRM, correlation=runtime.own_correlation()) as work:
        assert await storage.begin_removal(work, upload) == digest_bytes(content)
    async with runtime.transaction(actor=FIRM, correlation=runtime.own_correlation()) as work:
        assert await storage.begin_removal(work, upload) is None  # another process removes it

    with pytest.raises(Transient, match="file-being-removed"):
        async with taken_in(runtime, OTHER, content, limit=10**6):
            pytest.fail("its bytes would be removed under it")
    assert await sweep(runtime) == 0
    service.system.move(minutes=1)
    assert await sweep(runtime) == 1

    assert (stored(service), await states(service)) == ([], [])
    async with taken_in(runtime, OTHER, content, limit=10**6) as again:
        assert again.file.digest == digest_bytes(content)


async def test_a_command_that_outlived_its_upload_is_undone(service: Alone) -> None:
    upload = await left_by_a_crash(service, FIRM, PDF)
    service.system.move(hours=1)
    await sweep(service.runtime)

    with pytest.raises(Transient, match="upload-was-swept"):
        async with service.runtime.transaction(actor=FIRM, correlation=service.runtime.own_correlation()) as work:
            await storage.keep(work, upload)


async def test_half_stored_files_are_swept_after_an_hour(service: Alone) -> None:
    incoming = Path(service.runtime.settings.files) / "incoming"
    await service.runtime.ports.files.put(PDF, limit=10**6)
    old, young = incoming / "old", incoming / "young"
    for path, minutes in ((old, 61), (young, 1)):
        path.write_bytes(b"half")
        written = path.stat().st_mtime - timedelta(minutes=minutes).total_seconds()
        os.utime(path, (written, written))

    await sweep(service.runtime)

    assert [path.name for path in incoming.iterdir()] == ["young"]
    await LocalFiles(incoming.parent, read_only=True).tidy(older_than=timedelta(0))
    assert young.exists()


async def test_the_quota_is_refused_with_what_is_used_and_what_is_allowed(service: Alone) -> None:
    before = await draft(service)
    allow(service, len(PDF))
    assert (await attach(service, before["id"], "licence")).status_code == 201
    other = pdf_of("another")

    full = await attach(service, before["id"], "inspection_report", content=other, Accept_Language="en")

    assert (full.status_code, full.json()["code"]) == (409, "file-quota-exceeded")
    assert full.json()["detail"] == (
        f"Your organisation stores {len(PDF)} of {len(PDF)} bytes; this file of {len(other)} bytes does not fit."
    )
    assert (await attach(service, before["id"], "licence")).status_code == 201  # the same file takes no more room
    assert stored(service) == [PDF]


async def test_each_organisation_has_a_quota_of_its_own(service: Alone) -> None:
    before = await draft(service)
    allow(service, len(PDF))
    await attach(service, before["id"], "licence")
    await register(service, uscc=OTHER_USCC)
    theirs = await begin(service, before["round_id"], STRANGER)

    assert (await attach(service, theirs["id"], "licence", who=STRANGER)).status_code == 201
    assert stored(service) == [PDF]
    assert await states(service) == sorted([(USCC, "kept"), (OTHER_USCC, "kept")])


async def test_uploads_at_once_cannot_exceed_the_quota(service: Alone) -> None:
    before = await draft(service)
    files = [pdf_of(f"file {number:02}") for number in range(12)]
    size = len(files[0])
    assert {len(each) for each in files} == {size}
    allow(service, 3 * size)

    answers = await asyncio.gather(*(attach(service, before["id"], "licence", content=each) for each in files))

    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201] * 3 + [409] * 9
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"file-quota-exceeded"}
    assert len(stored(service)) == 3


async def test_the_same_file_kept_and_refused_at_once_is_there_or_can_be_sent_again(service: Alone) -> None:
    before = await draft(service)
    for number in range(15):
        content = pdf_of(f"file {number}")
        kept, refused = await asyncio.gather(
            attach(service, before["id"], "licence", content=content),
            attach(service, before["id"], "poem", content=content),
        )
        assert refused.status_code in {422, 503}
        assert kept.status_code in {201, 503}
        path = f"/v1/applications/{before['id']}/attachments/{digest_bytes(content)}"
        found = await service.send("GET", path, who=APPLICANT)
        assert found.status_code == (200 if kept.status_code == 201 else 404)
        assert content in stored(service) or kept.status_code == 503
