"""This service's copy of the titles."""

from common.standing.model import LearnedHolding
from review_service.tables import METADATA


class Holding(LearnedHolding):
    """A title, as this service stores it."""

    __tablename__ = "holdings"
    metadata = METADATA
