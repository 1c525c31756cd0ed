"""`python -m stack up|down|restart|status|topics|subscriber|containers`."""

from stack.cli import cli

cli()
