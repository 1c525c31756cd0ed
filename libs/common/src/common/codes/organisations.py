"""Codes of organisations: a firm by its USCC, an agency by the code it was entered under; and who speaks for them.

An expert is written to in person, so that he is addressed by his desk (kernel/worklist.py): `expert:` and his subject.
"""

import re
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from common.codes import uscc
from common.kernel.actor import Actor, Role
from common.kernel.values.ruled import RULED
from common.kernel.worklist import waits_for

_AGENCY: Final = r"^[A-Za-z0-9-]{2,40}$"

AgencyCode: TypeAlias = Annotated[str, Field(pattern=_AGENCY, examples=["SD-OFFICE"])]
"""The code of an agency: 2 to 40 letters, digits or hyphens."""


_PERSON: Final = waits_for(Role.EXPERT, "")
_ADDRESSEE: Final = rf"^([A-Za-z0-9-]{{2,40}}|{_PERSON}\S{{1,200}})$"


def _addressed(text: str) -> str:
    code = uscc.normalise(text)
    if uscc.has_form(code):
        return code
    if not re.fullmatch(_ADDRESSEE, text):
        raise PydanticCustomError("addressee_invalid", "This is no USCC, no code of an agency and no expert")
    return text


Addressee: TypeAlias = Annotated[
    str, AfterValidator(_addressed), Field(json_schema_extra={"pattern": _ADDRESSEE, "examples": ["SD-OFFICE"]}), RULED
]
"""Whom a message is for: a USCC in upper case, the code of an agency, or an expert in person.

A command must refuse a USCC whose check character is wrong.
"""

AGENCY_ROLES: Final = frozenset(Role) - {Role.APPLICANT, Role.EXPERT, Role.ADMINISTRATOR}


def spoken_for(actor: Actor) -> str | None:
    """Return the addressee whose contact and messages are the actor's, None when he speaks for none.

    An applicant speaks for itself, and for a USCC nobody else does; any other code is an agency's or a partner's as
    well. An expert judges in person: he speaks for himself, and the organisation of his token is only his employer.
    """
    able = actor.has(Role.APPLICANT) or (bool(actor.roles & AGENCY_ROLES) and not uscc.has_form(actor.org))
    if able and not actor.org.startswith(_PERSON):
        return actor.org
    return waits_for(Role.EXPERT, actor.sub) if actor.has(Role.EXPERT) else None
