"""docs/access/<service>.md: a table of routes and roles, as the routes declare them."""

from collections.abc import Iterator, Sequence
from typing import Final

from common.kernel.actor import PUBLIC, Role
from common.service import EVERYWHERE, Service
from common.web.requests import Access
from common.web.router import Router
from embedded.docs.markdown import code, codes, table

_INTRODUCTION: Final = """\
# Access: {service}

Generated from the code by `make docs`; change `allow=` at the route, not this page.

● may call it; *everyone* needs no token. Which rows an actor sees is decided by `visible(actor)` in the noun's
`storage.py` (any other row is 404), which state allows what is in [lifecycles](../lifecycles/{service}.md). Where two
persons are needed, the second must be another one. A missing token is 401; a missing role is 403 and names the roles.
"""
_YES: Final = "●"


def access_page(service: Service) -> str:
    """Return the page of one service."""
    heads = ("Route", "Action", "everyone", *(str(role).replace("_", " ") for role in Role))
    return "\n".join(
        [_INTRODUCTION.format(service=service.name), *table(heads, _rows((*service.routers, *EVERYWHERE)))]
    )


def _rows(routers: Sequence[Router]) -> Iterator[tuple[str, ...]]:
    for router in routers:
        for row in router.access:
            yield (code(f"{row.method} {row.path}"), codes(row.actions), *_marks(row))


def _marks(row: Access) -> Iterator[str]:
    yield _YES if row.allow == PUBLIC else ""
    for role in Role:
        yield _YES if role in row.allow else ""
