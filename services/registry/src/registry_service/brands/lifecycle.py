"""The states of a brand and what may follow; each move that the outside must know is told by its own event."""

from common.contracts.registry import (
    BrandCancelled,
    BrandExpired,
    BrandRegistered,
    BrandReinstated,
    BrandRevoked,
    BrandState,
    BrandSuspended,
    BrandWarned,
)
from common.lifecycle import Lifecycle, Move
from registry_service.brands.refusals import BrandAlreadyCancelled, BrandAlreadyExpired, BrandAlreadyRevoked

State = BrandState

LIVE = (State.ACTIVE, State.WARNED, State.SUSPENDED)
IN_FORCE = (State.ACTIVE, State.WARNED)

LIFECYCLE = Lifecycle(
    Move("register", None, State.ACTIVE, BrandRegistered),
    Move("enter_pending", None, State.PENDING_EFFECT, BrandRegistered),
    Move("take_effect", State.PENDING_EFFECT, State.ACTIVE, internal="the day was told by BrandRegistered"),
    Move("warn", State.ACTIVE, State.WARNED, BrandWarned),
    Move("suspend", IN_FORCE, State.SUSPENDED, BrandSuspended),
    Move("reinstate", (State.WARNED, State.SUSPENDED), State.ACTIVE, BrandReinstated),
    Move("revoke", (State.PENDING_EFFECT, *LIVE), State.REVOKED, BrandRevoked),
    Move("cancel", (State.PENDING_EFFECT, *LIVE), State.CANCELLED, BrandCancelled),
    Move("expire", LIVE, State.EXPIRED, BrandExpired),
    final={
        State.REVOKED: BrandAlreadyRevoked,
        State.CANCELLED: BrandAlreadyCancelled,
        State.EXPIRED: BrandAlreadyExpired,
    },
)
