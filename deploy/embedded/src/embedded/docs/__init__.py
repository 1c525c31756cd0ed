"""Generates the pages under docs/ that describe the code, so that they agree with it: `python -m embedded.docs`."""
