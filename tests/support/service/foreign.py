"""Another program that has a SQLite file open, as a clerk's database browser or a backup does."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

_PROGRAM = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
    "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
)
_SECONDS = 10


@asynccontextmanager
async def holding(path: Path) -> AsyncIterator[None]:
    """Have a process of its own hold the file's write lock while the block runs."""
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PROGRAM, str(path), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    try:
        await asyncio.wait_for(holder.stdout.readline(), _SECONDS)
        yield
    finally:
        holder.stdin.close()
        await asyncio.wait_for(holder.wait(), _SECONDS)
