"""Words that our texts avoid, names included: the field's own term is understood at the first reading.

A rule over a tree like those in `sources.py`. English only; what others wrote (vendored files, licences) is theirs.
"""

import re
from pathlib import Path
from typing import Final

from support.rules.sources import files

AVOIDED: Final = {
    "tell": "report, return, show",
    "tells": "reports, returns, shows",
    "told": "published, reported, returned",
    "telling": "reporting, returning",
    "heard": "received",
    "lies": "is, is stored",
    "stands still": "waits, is blocked",
    "nobody would": "say who does what",
    "whoever": "name the part: the caller, the sender",
    "goes by": "uses, is named",
    "let go": "resume, close",
    "lets go": "resumes, closes",
    "anew": "again",
}
"""Each word, and what to write instead."""

_SUFFIXES: Final = frozenset({".py", ".md", ".html", ".sh", ".yml", ""})
"""Programmes and contracts (YAML, JSON) are not read: their bytes are under a digest."""
_WITHOUT_SUFFIX: Final = frozenset({"Makefile", "Dockerfile"})
_VENDORED: Final = Path("libs/common/src/common/web/static")
_PLANTING: Final = frozenset({Path(__file__).name, "test_words.py"})
_ANY: Final = re.compile(
    r"(?<![a-z])(?:{})(?![a-z])".format("|".join(word.replace(" ", r"[\s_]+") for word in AVOIDED)), re.IGNORECASE
)


def avoided_words(root: Path) -> list[str]:
    """No text and no name of ours uses an avoided word; a phrase is found across a line break too."""
    found = []
    for path in files(root, suffixes=_SUFFIXES):
        where = path.relative_to(root)
        if path.name in _PLANTING or where.is_relative_to(_VENDORED):
            continue
        if path.suffix == "" and path.name not in _WITHOUT_SUFFIX:
            continue
        text = path.read_text("utf-8")
        for match in _ANY.finditer(text):
            word = re.sub(r"[\s_]+", " ", match[0]).lower()
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{where}:{line}: {word!r}; write instead: {AVOIDED[word]}")
    return found
