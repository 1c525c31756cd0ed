"""This service's copy of the titles."""

from applications_service.tables import METADATA
from common.standing.model import LearnedHolding


class Holding(LearnedHolding):
    """A title, as this service stores it."""

    __tablename__ = "holdings"
    metadata = METADATA
