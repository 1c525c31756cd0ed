"""The kinds of organisations that apply and of things that they apply for: a programme admits some of them."""

from enum import StrEnum


class ApplicantKind(StrEnum):
    """The kind of an organisation that applies; each programme defines the kinds that it admits."""

    ENTERPRISE = "enterprise"
    BRANCH = "branch"
    PUBLIC_INSTITUTION = "public_institution"
    ASSOCIATION = "association"


class ItemKind(StrEnum):
    """What a title is given for."""

    PRODUCT = "product"
    SERVICE = "service"
    AREA = "area"
    PERSON = "person"
