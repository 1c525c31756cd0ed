"""Which honours and databases a run of the journeys plays: one honour, or with `STORIES=all` every one on each."""

import os
from typing import Final

from embedded.journey.core_path import CAST, Candidate

ALL: Final = os.environ.get("STORIES") == "all"
CASE: Final = next(one for one in CAST if one.honour == "SERVICE_BRAND")
HONOURS: Final[tuple[Candidate, ...]] = tuple(CAST) if ALL else (CASE,)
DATABASES: Final = ("sqlite", "postgresql") if ALL else ("sqlite",)
