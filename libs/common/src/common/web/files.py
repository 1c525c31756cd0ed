"""Files on their way in and out: they are with the store while no transaction is open, for a store can be slow."""

from typing import Annotated, TypeAlias

from fastapi import Depends, Request, Response
from starlette.datastructures import UploadFile

from common.files import FileStore, StoredFile
from common.programme.intake import MAX_MATERIAL_BYTES


async def _current_upload(request: Request) -> StoredFile | None:
    stored: StoredFile | None = request.state.stored
    return stored


Uploaded: TypeAlias = Annotated[StoredFile, Depends(_current_upload)]
"""The file of the form that the route's `stores` names."""


class FileAnswer(Response):
    """An answer whose content lies in the store under this digest; it is fetched when the transaction is over."""

    def __init__(self, digest: str, *, media_type: str) -> None:
        super().__init__(media_type=media_type)
        self.digest = digest

    async def fetched(self, files: FileStore) -> Response:
        """Return the answer with its content; raises as the store's `get`."""
        return Response(await files.get(self.digest), media_type=self.media_type)


async def take_upload(request: Request, part: str, files: FileStore) -> StoredFile | None:
    """Put the file of a form into the store; None where the form has none, which its validation then says.

    Raises FileTooLarge, FileTypeNotTaken, and Transient when the store does not work.
    """
    file = (await request.form()).get(part)
    if not isinstance(file, UploadFile):
        return None
    stored = await files.put(await file.read(), limit=MAX_MATERIAL_BYTES)
    await file.seek(0)
    return stored
