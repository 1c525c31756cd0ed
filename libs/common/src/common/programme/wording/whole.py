"""All the articles of a programme, in their order."""

from collections.abc import Iterator
from typing import Final

from common.programme.programme import Programme
from common.programme.wording.articles import Article
from common.programme.wording.award import decision, exits, title
from common.programme.wording.intake import application, basis, call, conditions, procedure
from common.programme.wording.reviewing import places, review

_CHAPTERS: Final = (basis, call, application, conditions, procedure, review, places, decision, title, exits)


def in_words(programme: Programme) -> Iterator[Article]:
    """Yield the rules as people read them; no text of the definition is left out."""
    for chapter in _CHAPTERS:
        yield from chapter(programme)
