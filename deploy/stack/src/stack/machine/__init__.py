"""The stack's processes on this machine: their plan, folders, start, record and end."""
