"""`python -m stack up|down|status|topics|subscriber|containers`."""

from stack.cli import cli

cli()
