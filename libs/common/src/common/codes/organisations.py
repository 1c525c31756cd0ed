"""Codes of organisations: a firm by its USCC, an agency by the code it was entered under; and who speaks for them."""

import re
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from common.codes import uscc
from common.kernel.actor import Actor, Role
from common.kernel.values.ruled import RULED

_AGENCY: Final = r"^[A-Za-z0-9-]{2,40}$"
_CODE: Final = re.compile(_AGENCY)

AgencyCode: TypeAlias = Annotated[str, Field(pattern=_AGENCY, examples=["SD-OFFICE"])]
"""The code of an agency: 2 to 40 letters, digits or hyphens."""


def _coded(text: str) -> str:
    code = uscc.normalise(text)
    if uscc.has_form(code):
        return code
    if not _CODE.fullmatch(text):
        raise PydanticCustomError("organisation_invalid", "This is no USCC and no code of an agency")
    return text


OrganisationCode: TypeAlias = Annotated[
    str, AfterValidator(_coded), Field(json_schema_extra={"pattern": _AGENCY, "examples": ["SD-OFFICE"]}), RULED
]
"""A USCC in upper case, or the code of an agency; a command must refuse a USCC whose check character is wrong."""

AGENCY_ROLES: Final = frozenset(Role) - {Role.APPLICANT, Role.EXPERT, Role.ADMINISTRATOR}


def spoken_for(actor: Actor) -> str | None:
    """Return the organisation whose contact and messages are the actor's, None when he speaks for none.

    An applicant speaks for itself, and for a USCC nobody else does; any other code is an agency's or a partner's as
    well. An expert judges in person: the organisation of his token is only his employer.
    """
    able = actor.has(Role.APPLICANT) or (bool(actor.roles & AGENCY_ROLES) and not uscc.has_form(actor.org))
    return actor.org if able else None
