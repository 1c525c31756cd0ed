"""A run that is told to end does so in order: the servers and folders it made go with it."""

import signal


def end_in_order() -> None:
    """Take SIGTERM, which `timeout` and CI servers send, for an interrupt: fixtures and `finally` blocks then run."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
