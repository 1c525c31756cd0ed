"""A command acts in the roles of its route: a second role does not widen the condition by which it loads rows.

Every command of every service, in every pair of a role that its route admits and another one. That requests act so is
tried over HTTP where rows belong to somebody: tests/applications/applications/test_two_roles.py.
"""

from itertools import product
from typing import Any

from common.kernel.actor import ANYONE, Actor, Role
from common.kernel.model import Aggregate
from common.web.requests import Access
from common.web.router import Router
from embedded.origin.parts import SERVICES

COMMANDS = [
    (router, access)
    for service in SERVICES
    for router in service.routers
    for access in router.access
    if access.writes and access.allow != ANYONE
]
ORGANISATIONS = {"applicant", "org", "uscc", "holder"}
"""The columns that say whose case a row is."""
NOT_DECIDED = {
    "parties": "reactions alone write it",
    "acceptances": "reactions alone write it",
    "announced": "reactions alone write it",
    "messages": "nobody decides a case by it",
    "holdings": "reactions alone write it",
    "mergers": "reactions alone write it",
    "recusals": "it binds those who act on a case; nobody decides a case by it",
}


def stranger(*roles: Role) -> Actor:
    """Return somebody of no case's organisation."""
    return Actor(sub="stranger", org="91370202FAKE0003XH", roles=frozenset(roles), division="370102")


def widened() -> list[tuple[str, Role, Role]]:
    """Return the commands whose condition on rows changes for one of their roles when the actor has another role."""
    found = []
    for router, access in COMMANDS:
        for own, other in product(access.allow, ANYONE - access.allow):
            if router.store is not None and _condition(router, access, own, other) != _condition(router, access, own):
                found.append((access.operation, own, other))
    return found


def _condition(router: Router, access: Access, *roles: Role) -> str:
    assert router.store is not None
    asked = router.store.seen_by(stranger(*roles).acting_as(access.allow))
    return str(asked.compile(compile_kwargs={"literal_binds": True}))


def test_no_second_role_widens_what_a_command_loads() -> None:
    assert len(COMMANDS) > 40
    assert widened() == []


def test_no_command_admits_the_applicant_beside_a_role_that_decides() -> None:
    # a check of the rules stores nothing and decides nothing
    assert [access.operation for _, access in COMMANDS if Role.APPLICANT in access.allow and len(access.allow) > 1] == [
        "check_application"
    ]


def test_every_table_with_an_organisation_says_that_its_rows_are_that_ones_case() -> None:
    named = {
        mapper.class_.__tablename__: mapper.class_.CASE_OF
        for mapper in Aggregate.registry.mappers
        if ORGANISATIONS & {column.name for column in mapper.columns} and mapper.class_.metadata in _metadata()
    }
    assert {table for table, column in named.items() if column is None} == NOT_DECIDED.keys()
    assert {column for column in named.values() if column is not None} <= ORGANISATIONS


def _metadata() -> list[Any]:
    return [service.metadata for service in SERVICES]
