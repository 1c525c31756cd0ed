"""docs/access.md: route by role, as the routes themselves declare it."""

from collections.abc import Iterator, Sequence
from typing import Final

from common.actor import Role
from common.service import Service
from common.web.router import PUBLIC, Access, Router
from embedded.docs.markdown import code, codes, table

_INTRODUCTION: Final = """\
# Access

Made from the code by `make docs`; change `allow=` at the route, not this page.

● may call it. *everyone* needs no token. Which rows an actor then sees is `visible(actor)` in the noun's `storage.py`
(what is not his is 404), which state allows what is in [lifecycles.md](lifecycles.md), and where two persons are needed
the second must be another one. A missing token is 401, a missing role 403 naming the roles.
"""
_YES: Final = "●"


def access_page(services: Sequence[Service]) -> str:
    """Return the page."""
    return "\n".join([_INTRODUCTION, *(line for service in services for line in _service(service))])


def _service(service: Service) -> Iterator[str]:
    yield f"## {service.name}"
    yield ""
    heads = ("Route", "Action", "everyone", *(str(role).replace("_", " ") for role in Role))
    yield from table(heads, _rows(service.routers))


def _rows(routers: Sequence[Router]) -> Iterator[tuple[str, ...]]:
    for router in routers:
        for row in router.access:
            yield (code(f"{row.method} {row.path}"), codes(row.actions), *_marks(row))


def _marks(row: Access) -> Iterator[str]:
    yield _YES if row.allow == PUBLIC else ""
    for role in Role:
        yield _YES if role in row.allow else ""
