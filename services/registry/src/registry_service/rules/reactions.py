"""How the registry learns of programmes."""

from common.rules.reactions import learning
from registry_service.rules.model import Rules

learn_rules_when_published = learning(Rules)
