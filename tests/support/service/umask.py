"""The mask of a system that takes no right away from new files: what protects them then is our own."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture
def without_umask() -> Iterator[None]:
    """Run the test with the mask 0."""
    before = os.umask(0)
    try:
        yield
    finally:
        os.umask(before)
