"""The ceilings: what remains of a request when everything but the framework and the SQL is left out."""

import json
import pickle
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Receive, Scope, Send

from bench.recording import Recording, play
from common.storage.database.engine import open_database
from registry_service.register.brands.model import Brand

BODY: Final = json.dumps({"answer": "x" * 600}).encode()
PLAN: Final = "recording.pickle"


class BareBrand(BaseModel):
    """The members of the real answer."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    version: int
    number: str
    honour: str
    year: int
    uscc: str
    holder_name: str
    item: str
    division: str
    state: str
    effective_on: date
    valid_until: date | None
    document_number: str
    application_id: str
    programme_digest: str
    registered_at: datetime
    grounds: str | None


class BareReceipt(BaseModel):
    """The members of the real receipt."""

    application_id: str
    version: int
    receipt_number: str
    digest: str
    submitted_at: datetime


async def answer(_: Scope, receive: Receive, send: Send) -> None:
    """Answer anything with one fixed body, as an ASGI application of nothing else."""
    await receive()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


def reading(url: str) -> FastAPI:
    """Return one route that executes the statement of the real brand read on the real readers' engine."""
    database = open_database(url)
    engine: AsyncEngine = database._readers  # noqa: SLF001 -- the same engine, without what is around it
    app = FastAPI(lifespan=_closing(database.close))
    table = Brand.__table__

    @app.get("/v1/brands/{number}")
    async def read(number: str) -> BareBrand:
        async with engine.connect() as connection:
            row = (await connection.execute(select(table).where(Brand.number == number))).one()
        return BareBrand.model_validate(row)

    return app


def submitting(url: str, folder: Path) -> FastAPI:
    """Return one route that executes what a real submit executed, with the parameters made beforehand."""
    database = open_database(url)
    recording: Recording = pickle.loads((folder / PLAN).read_bytes())  # noqa: S301 -- written by the run itself
    app = FastAPI(lifespan=_closing(database.close))
    plans = recording.plans()

    @app.post("/v1/applications/{application_id}/submissions", status_code=201)
    async def submit(application_id: str) -> BareReceipt:
        async with database.write() as connection:
            await play(connection, plans[application_id])
        return BareReceipt(**{**recording.receipt, "application_id": application_id})

    return app


def _closing(close: Any) -> Any:  # noqa: ANN401 -- a lifespan
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await close()

    return lifespan
