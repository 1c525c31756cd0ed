"""`python -m embedded.docs [--check]`: write the generated pages, or print which of them are stale."""

import argparse
import sys
from pathlib import Path

from embedded.docs.generated import DOCS, pages, stale, write


def main() -> int:
    """Write every page and remove stale ones; with `--check` write nothing and return 1 when a page is stale."""
    parser = argparse.ArgumentParser(prog="python -m embedded.docs", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 naming the stale pages")
    parser.add_argument("--folder", type=Path, default=DOCS, help="the folder of the pages")
    given = parser.parse_args()
    behind = stale(given.folder, pages())
    if given.check:
        for name in behind:
            sys.stderr.write(f"stale: {name}; run: make docs\n")
        return 1 if behind else 0
    write(given.folder, pages())
    sys.stdout.write(f"written: {', '.join(behind)}\n" if behind else "all pages were current\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
