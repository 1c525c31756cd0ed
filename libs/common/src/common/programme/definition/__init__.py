"""The schema of a programme: one module per group of sections."""
