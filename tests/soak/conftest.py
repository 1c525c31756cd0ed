"""Soak runs take minutes each: `make soak` asks for them, `make test` does not."""

import os

collect_ignore_glob = [] if os.environ.get("SOAK_MINUTES") else ["test_*.py"]
