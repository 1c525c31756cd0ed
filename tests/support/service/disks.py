"""A disk without room, as a process meets it: no file of it may grow or be written, and then again it may."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_room(process: int = 0) -> Iterator[None]:
    """Let every write of a process to a file fail while the block runs; 0 is this one."""
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)
