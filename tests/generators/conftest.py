"""One platform for all generators: `make generators` runs them, `make test` does not."""

from collections.abc import Iterator

import pytest

from support.generators.source import Source, served


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """A platform that serves, and its document."""
    with served(tmp_path_factory.mktemp("platform")) as source:
        yield source
