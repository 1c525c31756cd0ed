"""Mail addresses: which texts are one, and the form in which an address is given to a mail server.

An address keeps the form in which it was sent: `例子.中国` and `xn--fsqu00a.xn--fiqs8s` are the same domain, and both
are given to the mail server as the latter. Nothing is looked up: an address of valid form need not exist.
"""

from typing import Annotated, Final

from email_validator import EmailNotValidError, ValidatedEmail, validate_email
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from common.kernel.text import clean
from common.kernel.values.ruled import RULED

LONGEST: Final = 254
"""Characters of an address (RFC 5321, 4.5.3.1.3, less the angle brackets)."""
LONGEST_LOCAL: Final = 64
"""Octets before the @ (RFC 5321, 4.5.3.1.1; RFC 6531, 3.3, counts them in UTF-8): a Chinese character has three."""
_ENCODED_WORD: Final = "=?"


def mail_address(text: str) -> str:
    """Return the address with its local part in NFC and its domain as sent.

    Raises PydanticCustomError (a ValueError): `email_invalid`, or `email_encoded_word` for a local part that mail
    programs may decode (RFC 2047) into another address.
    """
    local, _, domain = clean(text).rpartition("@")
    if _ENCODED_WORD in local:
        raise PydanticCustomError("email_encoded_word", "Encoded words are not allowed before the @")
    parsed = _parsed(f"{local}@{domain}")
    if len(parsed.local_part.encode()) > LONGEST_LOCAL:
        raise PydanticCustomError("email_invalid", "This is not a valid mail address")
    return f"{parsed.local_part}@{domain}"


def is_mail_address(text: str) -> bool:
    """Return whether the text is a mail address."""
    try:
        mail_address(text)
    except PydanticCustomError:
        return False
    return True


def for_mail_server(address: str) -> str:
    """Return the address as a mail server is given it: the domain in ASCII (RFC 5891), the local part unchanged."""
    parsed = _parsed(address)
    return f"{parsed.local_part}@{parsed.ascii_domain}"


def _parsed(address: str) -> ValidatedEmail:
    try:
        # `test_environment` admits the domain .test (RFC 6761), which the demo uses and nobody can receive mail at
        return validate_email(address, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        raise PydanticCustomError("email_invalid", "This is not a valid mail address") from None


def _for_every_server(address: str) -> str:
    if not for_mail_server(address).isascii():
        raise PydanticCustomError("email_not_ascii", "Only ASCII characters are allowed before the @")
    return address


EmailAddress = Annotated[
    str,
    AfterValidator(mail_address),
    Field(json_schema_extra={"format": "idn-email", "maxLength": LONGEST}, examples=["li@example.test"]),
    RULED,
]
"""A mail address; its local part may need a mail server with SMTPUTF8 (RFC 6531)."""
SenderAddress = Annotated[EmailAddress, AfterValidator(_for_every_server)]
"""A mail address that every mail server takes: its local part is ASCII."""
