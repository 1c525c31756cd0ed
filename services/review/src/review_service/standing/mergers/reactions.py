"""The reaction that learns a merger, by which the one that remains has the titles and bars of the other."""

from common.contracts.applications.applicants import ApplicantMerged
from common.storage.work import Work
from review_service.standing.mergers.model import Merger


async def learn_merger_when_recorded(work: Work, event: ApplicantMerged) -> None:
    """Count the titles and bars of who ended to the one that remains; an applicant ends once."""
    work.add(Merger.learned(event))
