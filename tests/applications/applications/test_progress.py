from itertools import pairwise

import pytest

from applications_service.intake.applications.progress import further

ORDER = ("accepted", "under_review", "shortlisted", "on_notice", "recognised", "registered", "brand_active")


@pytest.mark.parametrize(("earlier", "later"), list(pairwise(ORDER)))
def test_a_report_moves_the_stage_on_and_never_back(earlier: str, later: str) -> None:
    assert (further(earlier, later), further(later, earlier)) == (later, later)


@pytest.mark.parametrize(
    ("current", "reported"),
    [
        ("shortlisted", "outside_shortlist"),
        ("recognised", "not_recognised"),
        ("brand_warned", "brand_active"),
        ("brand_active", "brand_revoked"),
    ],
)
def test_of_two_stages_equally_far_the_reported_one_counts(current: str, reported: str) -> None:
    assert further(current, reported) == reported
