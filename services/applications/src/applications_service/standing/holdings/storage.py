"""The store of this service's titles; its questions are common's."""

from applications_service.standing.holdings.model import Holding
from common.standing.storage import holdings_store

holdings = holdings_store(Holding)
