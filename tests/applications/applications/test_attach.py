from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from common.kernel.digests import digest_bytes
from support.casts.applying import APPLICANT, COUNTY, OFFICER, PDF, STRANGER, attach, bring_to, draft, last_audit, read
from support.service.alone import Alone
from support.service.images import image_of
from support.service.pdfs import pdf_of

LIMIT = 10_485_760  # of the licence, as the programme has it


async def test_an_attached_file_is_kept_under_its_digest_and_read_back(service: Alone) -> None:
    before = await draft(service)

    attached = await attach(service, before["id"], "licence", If_Match='"1"')

    entry = {
        "kind": "licence",
        "name": "licence.pdf",
        "digest": digest_bytes(PDF),
        "size": len(PDF),
        "media_type": "application/pdf",
    }
    assert attached.status_code == 201
    assert attached.json() == before | {"attachments": [entry], "version": 2}
    content = await service.send("GET", f"/v1/applications/{before['id']}/attachments/{entry['digest']}", who=APPLICANT)
    assert (content.content, content.headers["Content-Type"]) == (PDF, "application/pdf")
    assert content.headers["Content-Disposition"] == (
        "attachment; filename=\"licence.pdf\"; filename*=UTF-8''licence.pdf"
    )
    assert await last_audit(service) == ("person-applicant", "attach", before["id"], "draft", "draft", None)


async def test_a_file_of_another_application_or_a_draft_of_others_is_not_read(service: Alone) -> None:
    before = await draft(service)
    await attach(service, before["id"], "licence")
    path = f"/v1/applications/{before['id']}/attachments"

    unknown = await service.send("GET", f"{path}/{digest_bytes(b'other')}", who=APPLICANT)
    by_stranger = await service.send("GET", f"{path}/{digest_bytes(PDF)}", who=STRANGER)
    of_a_draft = await service.send("GET", f"{path}/{digest_bytes(PDF)}", who=COUNTY)

    assert (unknown.status_code, unknown.json()["code"]) == (404, "attachment-not-found")
    assert (by_stranger.status_code, by_stranger.json()["code"]) == (404, "application-not-found")
    assert (of_a_draft.status_code, of_a_draft.json()["code"]) == (404, "application-not-found")


async def test_the_recommender_reads_what_was_handed_in(service: Alone) -> None:
    application_id = await bring_to(service, "submitted")

    seen = await service.send("GET", f"/v1/applications/{application_id}/attachments/{digest_bytes(PDF)}", who=COUNTY)

    assert (seen.status_code, seen.content) == (200, PDF)


async def test_no_transaction_waits_for_the_store(service: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await draft(service)
    begun: Counter[str] = Counter()
    at_the_store: list[dict[str, int]] = []
    files, database = service.runtime.ports.files, service.runtime.storage.database

    def counted(
        kind: str, begin: Callable[..., AbstractAsyncContextManager[AsyncConnection]]
    ) -> Callable[..., AbstractAsyncContextManager[AsyncConnection]]:
        @asynccontextmanager
        async def opened(**options: Any) -> AsyncIterator[AsyncConnection]:  # noqa: ANN401 -- goes on to `begin`
            async with begin(**options) as connection:
                begun[kind] += 1
                try:
                    yield connection
                finally:
                    begun[kind] -= 1

        return opened

    class Watched:
        async def put(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 -- goes on to the store
            at_the_store.append(dict(begun))
            return await files.put(*args, **kwargs)

        async def remove(self, digest: str) -> None:
            at_the_store.append(dict(begun))
            await files.remove(digest)

        async def tidy(self, *, older_than: timedelta) -> None:
            await files.tidy(older_than=older_than)

        async def get(self, digest: str) -> bytes:
            at_the_store.append(dict(begun))
            return await files.get(digest)

    monkeypatch.setattr(service.runtime, "ports", replace(service.runtime.ports, files=Watched()))
    for kind in ("read", "write"):
        monkeypatch.setattr(database, kind, counted(kind, getattr(database, kind)))
    await attach(service, before["id"], "licence")
    refused = await attach(service, before["id"], "poem", content=pdf_of("poem"))
    path = f"/v1/applications/{before['id']}/attachments/{digest_bytes(PDF)}"
    content = await service.send("GET", path, who=APPLICANT)

    assert (content.content, refused.status_code) == (PDF, 422)
    assert at_the_store == [{"write": 0}, {"write": 0}, {"write": 0}, {"write": 0, "read": 0}]


async def test_what_is_not_asked_for_or_not_what_it_says_is_refused(on_sqlite: Alone) -> None:
    before = await draft(on_sqlite)

    unknown = await attach(on_sqlite, before["id"], "poem")
    disguised = await attach(on_sqlite, before["id"], "licence", content=b"MZ")
    picture = await attach(on_sqlite, before["id"], "inspection_report", content=image_of("PNG"))
    truncated = await attach(on_sqlite, before["id"], "licence", content=image_of("PNG")[:-12])
    large = await attach(on_sqlite, before["id"], "licence", content=image_of("PNG") + b"\0" * LIMIT)
    stale = await attach(on_sqlite, before["id"], "licence", If_Match='"4"')

    assert (unknown.status_code, unknown.json()["code"]) == (422, "material-unknown")
    assert (picture.status_code, picture.json()["code"]) == (422, "file-type-not-taken")
    assert picture.json()["detail"] == "文件类型不被接受，可接受的类型为：application/pdf。"
    assert (truncated.status_code, truncated.json()["code"]) == (422, "file-unreadable")
    assert (large.status_code, large.json()["code"]) == (422, "file-too-large")
    assert large.json()["detail"] == f"文件超过 {LIMIT} 字节的上限。"
    assert (disguised.status_code, disguised.json()["code"]) == (422, "file-type-not-taken")
    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert await read(on_sqlite, before["id"]) == before


async def test_nothing_is_attached_to_what_was_handed_in_or_by_others(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "submitted")

    late = await attach(on_sqlite, application_id, "licence")
    by_stranger = await attach(on_sqlite, application_id, "licence", who=STRANGER)
    by_officer = await attach(on_sqlite, application_id, "licence", who=OFFICER)

    assert (late.status_code, late.json()["code"], late.json()["current_state"]) == (
        409,
        "action-not-allowed",
        "submitted",
    )
    assert (by_stranger.status_code, by_stranger.json()["code"]) == (404, "application-not-found")
    assert (by_officer.status_code, by_officer.json()["code"]) == (403, "role-missing")
