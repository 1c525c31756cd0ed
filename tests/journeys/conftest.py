"""Fixtures of the stories: a player on the whole platform, on each database, or on the stack that `STACK` names."""

from support.service import platform
from support.stack import running as stack

if stack.FOLDER is None:
    databases = platform.databases
    player = platform.player
else:
    player, running_stack = stack.player, stack.running_stack
