"""The commands of the distributed shape."""

from typing import Final

import typer

from stack.kafka import cli as kafka

cli: Final = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
cli.command()(kafka.topics)
cli.add_typer(kafka.subscriber, name="subscriber")
