"""The reactions of the registry to published programmes."""

from common.editions.reactions import learning
from registry_service.register.editions.model import Rules

learn_rules_when_published = learning(Rules)
