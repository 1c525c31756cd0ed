"""Who acts in the demo: clients, agencies, applicants and experts, read from demo.yaml.

The file is data and is checked whole when it is read, so that a slip in it is an error at start, never a step of the
journey that fails. The production profile never reads it.
"""

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Annotated, Final, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from common.actor import Role
from common.divisions import DivisionCode
from common.uscc import Uscc

AgencyKind = Literal["county", "city", "recognition_body", "leading_group_office", "member_department"]


Org = Annotated[str, Field(pattern=r"^(AG-[A-Z0-9-]+|[0-9A-Z]{18})$")]
Email = Annotated[str, Field(pattern=r"^[a-z0-9-]+@example\.test$")]

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The quick one where PyYAML was built with it: every start and every player reads this file."""


class Strict(BaseModel):
    """What every entry of the file obeys: no unknown field, no coercion, frozen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Name(Strict):
    """A name in both languages."""

    zh: str
    en: str


class Client(Strict):
    """One person or system with its secret; it is also a persona that a front end can sign in as."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    secret: Annotated[SecretStr, Field(min_length=16)]
    name: Name
    sub: str
    org: Org
    roles: Annotated[list[Annotated[Role, Field(strict=False)]], Field(min_length=1)]
    division: DivisionCode

    def told(self) -> dict[str, object]:
        """Return what `status` tells programs of it, its secret included: the demo's are no secrets."""
        return {
            "id": self.id,
            "secret": self.secret.get_secret_value(),
            "roles": [str(role) for role in self.roles],
            "org": self.org,
            "division": self.division,
            "sub": self.sub,
        }


class FrontEnd(Strict):
    """A public client: no secret, authorization code with PKCE, redirects to this machine only."""

    id: str
    name: Name


class Agency(Strict):
    """An agency of the programme as `POST /v1/agencies` takes it, and the address of its notices."""

    code: Org
    kind: AgencyKind
    name: Name
    division: DivisionCode
    parent: Org | None
    contact: Email


class Organisation(Strict):
    """An organisation that is no agency: it acts, reads or employs an expert."""

    code: Org
    name: Name
    division: DivisionCode


class Contact(Strict):
    """Whom to write to at an applicant."""

    name: str
    email: Email
    phone: str


class Applicant(Strict):
    """A fictional enterprise; `industry` is a division of GB/T 4754."""

    uscc: Uscc
    name: Name
    division: DivisionCode
    address: str
    industry: Annotated[str, Field(pattern=r"^[A-T]\d{2}$")]
    contact: Contact


class Expert(Strict):
    """What the pool knows of the expert behind a client; specialities are divisions of GB/T 4754."""

    client: str
    employer: Uscc
    division: DivisionCode
    specialities: Annotated[list[str], Field(min_length=1)]


class Demo(Strict):
    """The whole file; names and codes that one part uses exist in another."""

    divisions: dict[DivisionCode, Name]
    agencies: list[Agency]
    organisations: list[Organisation]
    applicants: list[Applicant]
    experts: list[Expert]
    front_ends: list[FrontEnd]
    clients: list[Client]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        for what, slip in self._slips():
            raise ValueError(f"{what}: {slip}")
        return self

    def _slips(self) -> Iterator[tuple[str, str]]:
        ids = [client.id for client in self.clients] + [front_end.id for front_end in self.front_ends]
        subs = [client.sub for client in self.clients]
        for name, values in (("id", ids), ("sub", subs)):
            yield from ((value, f"{name} given twice") for value in set(values) if values.count(value) > 1)
        names = self.organisation_names
        for client in self.clients:
            if client.org not in names:
                yield client.id, f"unknown organisation {client.org}"
            if client.division not in self.divisions:
                yield client.id, f"unknown division {client.division}"
        known: set[str] = set()
        for agency in self.agencies:
            if agency.parent is not None and agency.parent not in known:
                yield agency.code, "its parent must stand before it"
            known.add(agency.code)
        for expert in self.experts:
            if expert.client not in ids or expert.employer not in names:
                yield expert.client, "unknown client or employer"

    @property
    def organisation_names(self) -> dict[str, Name]:
        """The name of every organisation by its code: agencies, applicants and the others."""
        return (
            {agency.code: agency.name for agency in self.agencies}
            | {organisation.code: organisation.name for organisation in self.organisations}
            | {applicant.uscc: applicant.name for applicant in self.applicants}
        )

    def client(self, client_id: str) -> Client | None:
        """Return the client of that id, None for an unknown one."""
        return next((client for client in self.clients if client.id == client_id), None)


@cache
def load_demo() -> Demo:
    """Read and check demo.yaml; raises pydantic's ValidationError naming the entry that is wrong."""
    text = resources.files(__package__).joinpath("demo.yaml").read_text("utf-8")
    return Demo.model_validate(yaml.load(text, Loader=_LOADER))  # noqa: S506 -- safe, both of them
