"""The registry's copy of the programmes."""

from common.rules.model import LearnedRules
from registry_service.tables import METADATA


class Rules(LearnedRules):
    """A programme's edition, as this service keeps it."""

    __tablename__ = "rules"
    metadata = METADATA
