"""`python -m stack up|down|status|topics|subscriber`."""

from stack.cli import cli

cli()
