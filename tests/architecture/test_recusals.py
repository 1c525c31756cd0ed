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
