"""The commands of the stack, one module each."""
