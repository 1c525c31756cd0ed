"""Parts of requests that several nouns share."""

from typing import Annotated, Literal, TypeAlias

from fastapi import Query

from common.kernel.text import ReasonText
from common.web.input.strict import Schema


class Reason(Schema):
    """The reason for what is done; it is stored with it."""

    reason: ReasonText


WaitingFor: TypeAlias = Annotated[Literal["me"] | None, Query()]
"""`waiting_for=me` limits a list to what waits for the actor."""
