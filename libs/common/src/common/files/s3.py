"""Files in an S3-compatible store: each object is named by its digest and written completely, in one request.

Endpoint and credentials come from the settings alone: AWS variables of the environment are ignored.
"""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from common.files.content import ATTACHMENT_TYPES
from common.files.refusals import FileMissing
from common.files.store import ONLY_READ, Content, Intake, StoredFile, name_of, verified
from common.kernel.errors import Transient
from common.settings import Settings, UnusableSettingsError

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Credential  # exist in the type stubs only

PATIENCE: Final = timedelta(seconds=20)
"""The time limit for one file, all attempts together; a client waits for it."""
_CONNECTING: Final = timedelta(seconds=3)
_ATTEMPTS_MORE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """The bucket that holds the files, the area in it that is used, and the credentials for it."""

    endpoint: str
    name: str
    region: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    cafile: Path | None = None
    area: str = ""

    @classmethod
    def of(cls, settings: Settings, *, area: str = "") -> "Bucket":
        """Return the bucket of a service's settings. Raises UnusableSettingsError when the settings name no store."""
        key, secret = settings.files_access_key_id, settings.files_secret_access_key
        if settings.files_endpoint is None or key is None or secret is None:
            raise UnusableSettingsError(["MINGPAI_FILES_ENDPOINT: name the store of files and a key to it"])
        return cls(
            endpoint=settings.files_endpoint,
            name=settings.files_bucket,
            region=settings.files_region,
            access_key_id=key,
            secret_access_key=secret.get_secret_value(),
            cafile=settings.files_cafile,
            area=area,
        )

    def store(self) -> S3Store:
        """Return a client for the bucket. Raises OSError when the certificates cannot be read."""
        client: ClientConfig = {"allow_http": True, "connect_timeout": _CONNECTING}
        if self.cafile is not None:
            client["root_certificate"] = self.cafile.read_bytes()
        return S3Store(
            self.name,
            prefix=self.area or None,
            aws_endpoint_url_s3=self.endpoint,  # has priority over every other endpoint option
            region=self.region,
            credential_provider=self._credential,  # a function, because otherwise a token of the environment is added
            skip_signature=False,
            unsigned_payload=False,
            virtual_hosted_style_request=False,
            client_options=client,
            retry_config={"max_retries": _ATTEMPTS_MORE},
        )

    def _credential(self) -> "S3Credential":
        return {
            "access_key_id": self.access_key_id,
            "secret_access_key": self.secret_access_key,
            "token": None,
            "expires_at": None,
        }


class S3Files:
    """A store in a bucket; with `read_only` it refuses to write; its access key should forbid writing as well."""

    def __init__(self, bucket: Bucket, *, read_only: bool = False, patience: timedelta = PATIENCE) -> None:
        self._store = bucket.store()
        self._read_only = read_only
        self._patience = patience.total_seconds()

    async def put(self, content: Content, *, limit: int, allowed: Collection[str] = ATTACHMENT_TYPES) -> StoredFile:
        """Store the content as `FileStore.put` says; raises PermissionError when the store is read-only.

        An existing object is replaced: its content is the same, or it is damaged and thereby repaired.
        """
        if self._read_only:
            raise PermissionError(ONLY_READ)
        intake = Intake(limit=limit, allowed=allowed)
        whole = b"".join([piece async for piece in intake.checked(content)])
        stored = await intake.stored(BytesIO(whole))
        with _errors_translated():
            async with asyncio.timeout(self._patience):
                await obstore.put_async(
                    self._store,
                    name_of(stored.digest),
                    whole,
                    attributes={"Content-Type": stored.media_type},
                    use_multipart=False,  # with several requests a failure could leave parts behind
                )
        return stored

    async def get(self, digest: str) -> bytes:
        """Return the content as `FileStore.get` says."""
        name = name_of(digest)
        with _errors_translated():
            async with asyncio.timeout(self._patience):
                found = await obstore.get_async(self._store, name)
                content = bytes(await found.bytes_async())
        return await verified(content, digest)

    async def remove(self, digest: str) -> None:
        """Remove the object as `FileStore.remove` says; raises PermissionError when the store is read-only."""
        if self._read_only:
            raise PermissionError(ONLY_READ)
        name = name_of(digest)
        with _errors_translated():
            async with asyncio.timeout(self._patience):
                await obstore.delete_async(self._store, name)

    async def tidy(self, *, older_than: timedelta) -> None:
        """Do nothing: an object is written by one request, so that nothing can be half stored."""


@contextmanager
def _errors_translated() -> Iterator[None]:
    """Translate the store's errors into ours: refused access is an outage, because the caller cannot correct it."""
    try:
        yield
    except FileNotFoundError as missing:
        if "NoSuchKey" in str(missing):
            raise FileMissing from None
        raise Transient("file-store-bucket-missing") from missing
    except (PermissionDeniedError, UnauthenticatedError) as refused:
        raise Transient("file-store-access-denied") from refused
    except (BaseError, TimeoutError) as broken:
        raise Transient("file-store-unavailable") from broken
