"""A rolling restart takes minutes and a stack of its own: `make stack-rolling` asks for it, `make test` does not."""

from support.stack import running as stack

player, running_stack = stack.player, stack.running_stack
collect_ignore_glob = [] if stack.FOLDER else ["test_*.py"]
