"""The registry's copy of the programmes."""

from common.editions.model import LearnedRules
from registry_service.tables import METADATA


class Rules(LearnedRules):
    """A programme's edition, as this service stores it."""

    __tablename__ = "rules"
    metadata = METADATA
