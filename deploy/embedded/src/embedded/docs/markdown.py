"""The Markdown of the pages: tables and code."""

from collections.abc import Iterable, Iterator, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table and an empty line."""
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
    yield ""


def code(text: object) -> str:
    """Return a text set as code."""
    return f"`{text}`"


def codes(texts: Iterable[object]) -> str:
    """Return texts set as code, with commas."""
    return ", ".join(map(code, texts))
