"""A real S3-compatible server (moto's) as a process of its own, which checks every signature and every right.

It has two users with a key each: `writer` may read, list, write and delete, `reader` may read and list.
"""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import boto3
import pytest
import urllib3
from botocore.config import Config

from common.files.s3 import Bucket
from common.kernel.ids import new_id
from support.service.processes import free_port

READS: Final = ("s3:GetObject", "s3:ListBucket")
RIGHTS: Final = {"admin": ("s3:*",), "writer": (*READS, "s3:PutObject", "s3:DeleteObject"), "reader": READS}
REGION: Final = "us-east-1"
_SECONDS: Final = 60.0
_KNOCKING: Final = urllib3.Retry(total=600, backoff_factor=0.1, backoff_max=0.1)


class S3Server:
    """The server while it runs."""

    def __init__(self, process: subprocess.Popen[bytes], endpoint: str) -> None:
        self._process = process
        self.endpoint = endpoint
        urllib3.request("GET", endpoint, retries=_KNOCKING, timeout=_SECONDS)
        iam = self._client("iam", ("anybody", "anything"))
        self.keys = {user: _key_of(iam, user) for user in RIGHTS}
        plain = {"Content-Type": "text/plain"}
        checking = urllib3.request("POST", f"{endpoint}/moto-api/reset-auth", body="0", headers=plain)
        assert checking.status == 200, checking.data

    def new_bucket(self) -> str:
        """Make an empty bucket and return its name."""
        name = new_id("files").replace("_", "-")
        self._client("s3", self.keys["admin"]).create_bucket(Bucket=name)
        return name

    def access(self, name: str, user: str) -> Bucket:
        """Return how a user reaches a bucket."""
        key, secret = self.keys[user]
        return Bucket(endpoint=self.endpoint, name=name, region=REGION, access_key_id=key, secret_access_key=secret)

    def objects(self, bucket: str) -> dict[str, bytes]:
        """Return the content of a bucket, by name."""
        client = self._client("s3", self.keys["admin"])
        found = client.list_objects_v2(Bucket=bucket).get("Contents", [])
        return {one["Key"]: client.get_object(Bucket=bucket, Key=one["Key"])["Body"].read() for one in found}

    def attributes(self, bucket: str, name: str) -> tuple[str, str]:
        """Return the media type that the server says an object has, and its tag."""
        found = self._client("s3", self.keys["admin"]).head_object(Bucket=bucket, Key=name)
        return found["ContentType"], found["ETag"].strip('"')

    def place(self, bucket: str, name: str, content: bytes) -> None:
        """Put content under a name, behind the store's back."""
        self._client("s3", self.keys["admin"]).put_object(Bucket=bucket, Key=name, Body=content)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Let it take connections and answer none while the block runs."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def _client(self, service: str, key: tuple[str, str]) -> Any:  # noqa: ANN401 -- made by boto3 at run time
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=key[0],
            aws_secret_access_key=key[1],
            config=Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 1}),
        )


def _key_of(iam: Any, user: str) -> tuple[str, str]:  # noqa: ANN401 -- as above
    """Make a user with its rights and return its key."""
    rights = {"Effect": "Allow", "Action": list(RIGHTS[user]), "Resource": "arn:aws:s3:::*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [rights]})
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="files", PolicyDocument=document)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """Provide a server that all tests of a process share; each makes a bucket of its own."""
    port = free_port()
    with tempfile.TemporaryFile(prefix="mingpai-test-s3-") as said:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, stdout=said, stderr=said)  # noqa: S603 -- a module of our own environment
        try:
            yield S3Server(process, f"http://127.0.0.1:{port}")
        finally:
            process.kill()
            process.wait(_SECONDS)
