"""A material is removed again, and the room of a file that nothing refers to any more is free after the sweep."""

import httpx
import pytest

from common.kernel.digests import digest_bytes
from common.uploads.keeping import sweep
from support.casts.applying import (
    APPLICANT,
    COUNTY,
    OFFICER,
    PDF,
    REASON,
    STRANGER,
    attach,
    begin,
    bring_to,
    do,
    draft,
    last_audit,
    read,
)
from support.service.alone import Alone

DIGEST = digest_bytes(PDF)


async def detach(
    service: Alone, application_id: str, kind: str = "licence", *, who: str = APPLICANT, digest: str = DIGEST
) -> httpx.Response:
    etag = (await service.send("GET", f"/v1/applications/{application_id}", who=APPLICANT)).headers["ETag"]
    path = f"/v1/applications/{application_id}/attachments/{digest}?kind={kind}"
    return await service.send("DELETE", path, who=who, If_Match=etag)


async def uploads(service: Alone) -> list[str]:
    """Sweep, then return the states of the accounted files."""
    await sweep(service.runtime)
    return [row["state"] for row in await service.rows("uploads")]


async def is_stored(service: Alone) -> bool:
    return await service.runtime.ports.files.get(DIGEST) == PDF


async def test_a_material_is_removed_and_its_room_is_free(service: Alone) -> None:
    before = await draft(service)
    await attach(service, before["id"], "licence")

    removed = await detach(service, before["id"])

    assert (removed.status_code, removed.json()) == (200, before | {"version": 3})
    assert await last_audit(service) == ("person-applicant", "detach", before["id"], "draft", "draft", None)
    assert await uploads(service) == []
    assert [row["size"] for row in await service.rows("uploads")] == []
    assert (await attach(service, before["id"], "licence")).status_code == 201


async def test_a_file_stays_while_anything_refers_to_it(service: Alone) -> None:
    one = await draft(service)
    other = (await begin(service, one["round_id"]))["id"]
    for application_id, kind in ((one["id"], "licence"), (one["id"], "declaration"), (other, "licence")):
        assert (await attach(service, application_id, kind)).status_code == 201

    for application_id, kind, left in ((one["id"], "licence", 2), (other, "licence", 1)):
        assert (await detach(service, application_id, kind)).status_code == 200
        assert await uploads(service) == ["kept"] * left
        assert await is_stored(service)
    assert (await detach(service, one["id"], "declaration")).status_code == 200
    assert await uploads(service) == []


async def test_the_same_file_attached_twice_is_removed_once(service: Alone) -> None:
    application_id = (await draft(service))["id"]
    for _ in range(3):
        await attach(service, application_id, "licence")

    assert await uploads(service) == ["kept"]
    assert (await detach(service, application_id)).status_code == 200
    assert await uploads(service) == []


async def test_what_was_handed_in_keeps_its_file(service: Alone) -> None:
    application_id = await bring_to(service, "returned")
    before = await uploads(service)

    assert (await detach(service, application_id)).status_code == 200

    assert await uploads(service) == before
    seen = await service.send("GET", f"/v1/applications/{application_id}/attachments/{DIGEST}", who=COUNTY)
    assert seen.content == PDF


async def test_the_files_of_a_withdrawn_draft_are_free_and_those_of_a_submission_are_not(service: Alone) -> None:
    unsubmitted = (await draft(service))["id"]
    await attach(service, unsubmitted, "licence")
    await attach(service, unsubmitted, "declaration")

    withdrawn = await do(service, unsubmitted, "withdrawals", APPLICANT, REASON)

    assert withdrawn["attachments"] == []
    assert await uploads(service) == []


async def test_the_files_of_a_withdrawn_submission_are_kept(on_sqlite: Alone) -> None:
    submitted = await bring_to(on_sqlite, "submitted")
    kept = await uploads(on_sqlite)
    assert (await do(on_sqlite, submitted, "withdrawals", APPLICANT, REASON))["attachments"] != []
    assert await uploads(on_sqlite) == kept


@pytest.mark.parametrize(
    ("kind", "digest", "who", "answer"),
    [
        ("declaration", DIGEST, APPLICANT, (404, "attachment-not-found")),
        ("licence", digest_bytes(b"other"), APPLICANT, (404, "attachment-not-found")),
        ("licence", DIGEST, STRANGER, (404, "application-not-found")),
        ("licence", DIGEST, OFFICER, (403, "role-missing")),
    ],
)
async def test_nothing_else_is_removed(
    on_sqlite: Alone, kind: str, digest: str, who: str, answer: tuple[int, str]
) -> None:
    application_id = (await draft(on_sqlite))["id"]
    await attach(on_sqlite, application_id, "licence")

    refused = await detach(on_sqlite, application_id, kind, who=who, digest=digest)

    assert (refused.status_code, refused.json()["code"]) == answer
    assert [each["kind"] for each in (await read(on_sqlite, application_id))["attachments"]] == ["licence"]
    assert await uploads(on_sqlite) == ["kept"]
