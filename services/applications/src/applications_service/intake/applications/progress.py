"""The progress of an accepted application: the stages that review and registry report, in order.

Events of two services arrive in any order, so an earlier stage can be reported after a later one.
"""

from typing import Final

_AFTER_ACCEPTANCE: Final = (
    {"accepted"},
    {"under_review"},
    {"shortlisted", "outside_shortlist"},
    {"on_notice"},
    {"recognised", "not_recognised"},
    {"registered"},
)


def further(current: str, reported: str) -> str:
    """Return the stage that is further on the way to the award; of two that are equally far, the reported one."""
    return reported if _place(reported) >= _place(current) else current


def _place(stage: str) -> int:
    # stages of the brand (`brand_warned`, …) come after all of these and replace each other
    return next((place for place, stages in enumerate(_AFTER_ACCEPTANCE) if stage in stages), len(_AFTER_ACCEPTANCE))
