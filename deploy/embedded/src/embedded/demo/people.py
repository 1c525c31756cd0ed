"""The persons and organisations of the demo, read from demo.yaml: clients, agencies, applicants and experts.

The whole file is checked when it is read, so that a mistake in it is an error at start and never makes a step of the
journey fail. The production profile never reads it.
"""

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Annotated, Final, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from common.codes.divisions import DivisionCode
from common.codes.mail_address import EmailAddress
from common.codes.uscc import Uscc
from common.kernel.actor import Role
from common.programme.parts import Code

AgencyKind = Literal["county", "city", "recognition_body", "leading_group_office", "member_department"]


Org = Annotated[str, Field(pattern=r"^(AG-[A-Z0-9-]+|[0-9A-Z]{18})$")]
Email = Annotated[EmailAddress, Field(pattern=r"^[a-z0-9-]+@example\.test$")]

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML's fast loader, if PyYAML was built with it: every start and every player reads this file."""


class Strict(BaseModel):
    """The base of every entry of the file: no unknown fields, no coercion, frozen."""

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

    def credentials(self) -> dict[str, object]:
        """Return the client as `status` prints it for programs, with its secret: the demo's secrets protect nothing."""
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
    """An agency of the programme, with the fields of `POST /v1/agencies` and the mail address of its contact."""

    code: Org
    kind: AgencyKind
    name: Name
    division: DivisionCode
    parent: Org | None
    contact: Email


class Organisation(Strict):
    """An organisation that is not an agency: it acts, reads or employs an expert."""

    code: Org
    name: Name
    division: DivisionCode


class Contact(Strict):
    """The contact person of an applicant."""

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
    """The pool's entry for the expert who signs in as a client; specialities are codes of the honours' catalogues."""

    client: str
    employer: Uscc
    division: DivisionCode
    roles: Annotated[list[Code], Field(min_length=1)]
    specialities: Annotated[list[Code], Field(min_length=1)]


class Demo(Strict):
    """The whole file; each organisation, division and client that an entry refers to is defined in the file."""

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
                yield agency.code, "its parent must come before it in the file"
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
