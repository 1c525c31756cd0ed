"""`python -m stack topics|subscriber`."""

from stack.cli import cli

cli()
