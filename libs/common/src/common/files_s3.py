"""Files in an S3-compatible store: an object named by its digest, written by one request and so whole or not there.

Where and as whom comes from the settings alone: what the environment holds of AWS is not asked.
"""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from common.errors import Transient
from common.files import ATTACHMENT_TYPES, ONLY_READ, Content, FileMissing, Intake, StoredFile, name_of, verified
from common.settings import Settings, UnusableSettingsError

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Credential  # which are there for the reader alone

PATIENCE: Final = timedelta(seconds=20)
"""How long one file may take on its way, all attempts together; a client waits for it."""
_CONNECTING: Final = timedelta(seconds=3)
_ATTEMPTS_MORE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Where the files lie, and as whom to ask for them."""

    endpoint: str
    name: str
    region: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    cafile: Path | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Bucket":
        """Read it from a service's settings. Raises UnusableSettingsError when they name no store."""
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
        )

    def store(self) -> S3Store:
        """Return a client of it. Raises OSError when the certificates cannot be read."""
        client: ClientConfig = {"allow_http": True, "connect_timeout": _CONNECTING}
        if self.cafile is not None:
            client["root_certificate"] = self.cafile.read_bytes()
        return S3Store(
            self.name,
            aws_endpoint_url_s3=self.endpoint,  # the name that beats every other
            region=self.region,
            credential_provider=self._credential,  # from a function, so that no token of the environment is added
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
    """A store in a bucket; a reader that must not write says `read_only`, and its key should forbid it as well."""

    def __init__(self, bucket: Bucket, *, read_only: bool = False, patience: timedelta = PATIENCE) -> None:
        self._store = bucket.store()
        self._read_only = read_only
        self._patience = patience.total_seconds()

    async def put(self, content: Content, *, limit: int, allowed: Collection[str] = ATTACHMENT_TYPES) -> StoredFile:
        """Store the content as `FileStore.put` says; raises PermissionError in a store that is only read.

        An object that is there already is replaced: the content is the same, or it was damaged and is healed.
        """
        if self._read_only:
            raise PermissionError(ONLY_READ)
        intake = Intake(limit=limit, allowed=allowed)
        whole = b"".join([piece async for piece in intake.taken(content)])
        stored = intake.stored()
        with _told():
            async with asyncio.timeout(self._patience):
                await obstore.put_async(
                    self._store,
                    name_of(stored.digest),
                    whole,
                    attributes={"Content-Type": stored.media_type},
                    use_multipart=False,  # several requests could leave parts behind
                )
        return stored

    async def get(self, digest: str) -> bytes:
        """Return the content as `FileStore.get` says."""
        name = name_of(digest)
        with _told():
            async with asyncio.timeout(self._patience):
                found = await obstore.get_async(self._store, name)
                content = bytes(await found.bytes_async())
        return await verified(content, digest)


@contextmanager
def _told() -> Iterator[None]:
    """Say in our words what the store answered: what it refuses to us is an outage to those who ask us."""
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
