"""A recusal binds in every service: each store of rows about one applicant's case says from whom it is withheld."""

from typing import Any, Final

from common.storage.store import Store
from embedded.docs.sources import modules
from embedded.origin.parts import SERVICES

NOBODY_ACTS_FOR_THE_FIRM: Final = {
    "Applicant": "the firm itself",
    "Recusal": "it is the recusal",
    "LearnedRecusal": "it is the recusal",
    "Registration": "the registry follows a decision that was made",
    "Acceptance": "a ground, written by reactions alone",
    "Announced": "a ground, written by reactions alone",
    "Parties": "whom the platform writes to",
}
"""Models with an `applicant` on whose rows nobody decides, and why."""


ABOUT_NO_ONE_ELSES_CASE: Final = {
    "programmes": "the rules of all cases",
    "rounds": "opened, closed and concluded for all cases alike; nothing about one is decided",
    "exceptions": "a code, before there is a case",
    "recusals": "it is the recusal",
    "experts": "a person of the pool; whose seats a command empties is asked of the case",
    "notices": "nothing follows its publication, which is a step of the list",
    "announcements": "nothing follows its publication, which is a step of the list",
}
"""Nouns with moves of the services that hold cases, on whose rows nobody acts on another's case, and why."""
HOLD_CASES: Final = ("applications", "review")


def stores() -> dict[str, Store[Any]]:
    """Return every store of every service, by module and name."""
    return {
        f"{module.__name__}.{name}": value
        for service in SERVICES
        for module in modules(service.package)
        for name, value in vars(module).items()
        if isinstance(value, Store) and module.__name__.endswith(".storage")
    }


def test_every_store_of_an_applicants_case_is_withheld_from_those_who_are_recused() -> None:
    cases = {
        name: store
        for name, store in stores().items()
        if hasattr(store.model, "applicant") and store.model.__name__ not in NOBODY_ACTS_FOR_THE_FIRM
    }

    assert {name for name, store in cases.items() if store.withheld is None} == set()
    assert {store.model.__name__ for store in cases.values()} >= {"Application", "Review", "Objection"}


def test_every_noun_with_moves_is_withheld_or_is_about_no_case() -> None:
    routers = [one for service in SERVICES if service.name in HOLD_CASES for one in service.routers if one.lifecycle]
    bare = {one.noun for one in routers if one.store is not None and one.store.withheld is None}

    assert bare == ABOUT_NO_ONE_ELSES_CASE.keys()
    assert {one.noun for one in routers} - bare == {
        "applications",
        "reviews",
        "redraws",
        "sheets",
        "rankings",
        "objections",
        "deliberations",
    }
