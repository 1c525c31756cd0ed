"""The pages under docs/ that are made from the code, so that they say what it does: `python -m embedded.docs`."""
