"""A run that gets SIGTERM ends in order: the servers and folders that it made are removed."""

import signal


def end_in_order() -> None:
    """Take SIGTERM, which `timeout` and CI servers send, for an interrupt: fixtures and `finally` blocks then run."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
