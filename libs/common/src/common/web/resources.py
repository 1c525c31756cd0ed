"""The models of answers: a resource is shown to one actor; a resource with states lists this actor's next actions."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from common.kernel.actor import Actor


class Resource(BaseModel):
    """The base of a resource in an answer, read from the attributes of an aggregate or a row.

    `version` becomes the ETag. Answers stay open to additions, so they do not forbid unknown members.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True, extra="ignore")

    version: int

    @classmethod
    def seen_by(cls, source: Any, actor: Actor) -> Self:  # noqa: ANN401, ARG003 -- a row or an aggregate; for subclasses
        """Return the view of the source for the actor; a view that hides members from some actors overrides this."""
        return cls.model_validate(source)


class Offer(BaseModel):
    """One thing that the actor may do next: a move of the thing itself, or a step that opens another noun."""

    action: str = Field(description="The lifecycle's move.", examples=["approve"])
    operation_id: str = Field(description="The operation in the OpenAPI document.", examples=["approve_act"])
    method: str = Field(description="The HTTP method.", examples=["POST"])
    href: str = Field(description="Where to send the request.", examples=["/v1/acts/act_0193/approvals"])
    title: str = Field(description="What it does, in the reader's language.", examples=["批准"])


class Stateful(Resource):
    """A resource that has states: each answer, in a list as well, says what this actor may do next and how."""

    state: str
    allowed_actions: list[str] = []
    actions: list[Offer] = []
