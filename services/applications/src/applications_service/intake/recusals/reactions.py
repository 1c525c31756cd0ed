"""The reactions that learn who is recused, and who is not any more."""

from applications_service.intake.recusals.storage import recusals
from common.recusals.reactions import learning, releasing

bind_when_declared = learning(recusals)
release_when_lifted = releasing(recusals)
