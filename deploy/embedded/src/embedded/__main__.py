"""`python -m embedded run|status|reset|doctor`."""

from embedded.cli import cli

cli()
