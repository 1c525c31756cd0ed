"""docs/tables.md: which tables keep their rows and why, and what a running role may do to the others."""

from collections.abc import Iterator, Sequence
from typing import Final

from common.service import Service
from common.storage.kept import Kept, kept_tables
from common.storage.migrations.rights import READ_ONLY
from embedded.docs.markdown import code, codes, table

_INTRODUCTION: Final = """\
# Tables that keep their rows

Generated from the code by `make docs`; change `kept(…)` at the table, not this page.

The rows of these tables are inserted and read, never deleted, and only the columns named here may change. On PostgreSQL
the running role has no other right to them; the tables belong to the migration role
([runbook](runbooks/database-roles.md)). On both databases a trigger refuses the rest to every role, also to the owner
and to a connection that is not ours. To every other table of the service the running role may insert, read, update and
delete; it owns none and makes none.
"""


def tables_page(services: Sequence[Service]) -> str:
    """Return the page."""
    rules = {service.name: dict(_by_name(service)) for service in services}
    shared = set.intersection(*(set(found) for found in rules.values()))
    return "\n".join([_INTRODUCTION, *table(("Table", "Service", "May change", "Why"), _rows(rules, shared))])


def _rows(rules: dict[str, dict[str, Kept]], shared: set[str]) -> Iterator[tuple[str, ...]]:
    first = next(iter(rules.values()))
    for name in sorted(shared):
        yield _row(name, "all", first[name])
    for service, found in rules.items():
        for name in sorted(found.keys() - shared):
            yield _row(name, service, found[name])
    for name in READ_ONLY:
        yield code(name), "all", "only by migrations", "The running role reads which migrations the database has."


def _row(name: str, service: str, rule: Kept) -> tuple[str, ...]:
    return code(name), service, codes(rule.changes) or "nothing", rule.why


def _by_name(service: Service) -> Iterator[tuple[str, Kept]]:
    for one, rule in kept_tables(service.metadata):
        yield one.name, rule
