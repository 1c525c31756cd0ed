"""Uploads and downloads: the file store is called only while no transaction is open, because it can be slow.

A download is always saved under its name, never shown or run as a page of ours.
"""

import string
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias
from urllib.parse import quote

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ConfigDict
from starlette.datastructures import UploadFile

from common.files.store import FileStore, StoredFile
from common.web.input.strict import MAX_BODY, MAX_UPLOAD

_PLAIN: Final = frozenset(string.ascii_letters + string.digits + " .-_()")
"""What a name may have for clients that do not read `filename*`."""


@dataclass(frozen=True, slots=True)
class Upload:
    """The part of a form that holds a file, and the largest file that it takes, in bytes."""

    part: str
    limit: int

    def __post_init__(self) -> None:
        if self.limit + MAX_BODY > MAX_UPLOAD:
            raise ValueError(f"a file of {self.limit} bytes does not fit into the largest form that is read")


class AttachedFile(BaseModel):
    """A file that a resource refers to, named by its content's digest; `size` in bytes."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    name: str
    digest: str
    size: int
    media_type: str


async def _current_upload(request: Request) -> StoredFile | None:
    stored: StoredFile | None = request.state.stored
    return stored


Uploaded: TypeAlias = Annotated[StoredFile, Depends(_current_upload)]
"""The file of the form that the route's `stores` names."""


class FileAnswer(Response):
    """An answer whose content is in the file store under this digest; it is fetched after the transaction."""

    def __init__(self, digest: str, *, media_type: str, name: str) -> None:
        super().__init__(media_type=media_type)
        self.digest = digest
        self.name = name

    async def fetched(self, files: FileStore) -> Response:
        """Return the answer with its content; raises as the store's `get`."""
        content = await files.get(self.digest)
        return Response(content, media_type=self.media_type, headers=download_headers(self.name))


def download_headers(name: str) -> dict[str, str]:
    """Return the headers of a download: saved under this name (RFC 6266), its type not guessed, nothing in it run."""
    plain = "".join(each if each in _PLAIN else "_" for each in name)
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }


async def sent_file(request: Request, upload: Upload) -> bytes | None:
    """Return the file of a form, None when the form has none, which FastAPI's validation then reports."""
    file = (await request.form()).get(upload.part)
    if not isinstance(file, UploadFile):
        return None
    content = await file.read()
    await file.seek(0)
    return content
