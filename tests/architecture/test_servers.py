from collections.abc import Callable
from pathlib import Path

import pytest

from common.web.access.origins import TAKEN
from support.rules import servers as rules

ROOT = Path(__file__).parents[2]
HERE = "deploy/embedded/src/embedded/planted.py"

PLANTED = [
    (rules.other_servers, "import uvicorn"),
    (rules.other_servers, "from uvicorn.config import Config"),
    (rules.other_sites, "app = FastAPI()"),
    (rules.other_sites, "app = fastapi.FastAPI(title='x')"),
    (rules.other_sites, "app = Starlette()"),
    (rules.hosts_believed, "x = str(request.url)"),
    (rules.hosts_believed, "x = request.url.netloc"),
    (rules.hosts_believed, "x = request.base_url"),
    (rules.hosts_believed, "x = request.url_for('y')"),
    (rules.hosts_believed, "x = request.headers['Host']"),
    (rules.hosts_believed, "x = request.headers.get('x-forwarded-host', '')"),
]
INNOCENT = [
    (rules.other_servers, "import uvicorns"),
    (rules.other_sites, "app = Site('x')"),
    (rules.hosts_believed, "x = request.url.path"),
    (rules.hosts_believed, "x = settings.host"),
    (rules.hosts_believed, "x = request.headers.get('accept')"),
]
OF_NO_PAGE = frozenset({"allow", "content-length", "content-encoding"})
"""Fields of an answer, of the browser itself, and one that is read to be refused."""


@pytest.mark.parametrize("rule", [rules.other_servers, rules.other_sites, rules.hosts_believed])
def test_the_tree_keeps_the_rule(rule: Callable[[Path], list[str]]) -> None:
    assert rule(ROOT) == []


def _planted(root: Path, text: str) -> None:
    (root / HERE).parent.mkdir(parents=True)
    (root / HERE).write_text(text, "utf-8")


@pytest.mark.parametrize(("rule", "text"), PLANTED)
def test_a_planted_violation_is_found(rule: Callable[[Path], list[str]], text: str, tmp_path: Path) -> None:
    _planted(tmp_path, text)
    assert [one.partition(":")[0] for one in rule(tmp_path)] == [HERE]


@pytest.mark.parametrize(("rule", "text"), INNOCENT)
def test_what_is_allowed_is_not_found(rule: Callable[[Path], list[str]], text: str, tmp_path: Path) -> None:
    _planted(tmp_path, text)
    assert rule(tmp_path) == []


def test_every_request_field_that_our_code_reads_may_be_sent_by_a_page_of_another_origin() -> None:
    read = {name: place for name, place in rules.read_headers(ROOT).items() if not name.startswith("ce_")}
    assert {"idempotency-key", "if-match", "if-none-match", "accept-language"} <= read.keys()
    assert {
        name: place for name, place in read.items() if name not in {one.lower() for one in TAKEN} | OF_NO_PAGE
    } == {}
