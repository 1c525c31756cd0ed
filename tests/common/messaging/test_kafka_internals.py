"""The private parts of aiokafka are used in one module, and the installed version is the one it was checked against."""

import re
from pathlib import Path

import aiokafka

from common.messaging.kafka import internals

KAFKA = Path(internals.__file__).parent
PRIVATE = re.compile(r"# noqa: [A-Z0-9, ]*SLF001|getattr\(")


def test_the_installed_aiokafka_is_the_version_that_its_private_parts_were_checked_against() -> None:
    assert aiokafka.__version__ == internals.CHECKED_AGAINST


def test_no_other_module_that_may_import_aiokafka_touches_private_parts() -> None:
    touching = {path.name for path in KAFKA.rglob("*.py") if PRIVATE.search(path.read_text("utf-8"))}

    assert touching == {"internals.py"}
