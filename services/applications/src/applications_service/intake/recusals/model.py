"""The applications service's copy of a recusal that the review holds."""

from applications_service.tables import METADATA
from common.recusals.model import LearnedRecusal


class Recusal(LearnedRecusal):
    """One recusal; while it is in force, its person acts on no application of the applicant."""

    __tablename__ = "recusals"
    metadata = METADATA
