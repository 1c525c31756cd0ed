"""The states of a brand and what may follow; everybody sees the register, so every move has its event."""

from common.contracts.registry.brands import (
    BrandCancelled,
    BrandExpired,
    BrandRegistered,
    BrandReinstated,
    BrandRevoked,
    BrandState,
    BrandSuspended,
    BrandTookEffect,
    BrandWarned,
)
from common.kernel.lifecycle import ByClock, Lifecycle, Move, Stands, Through
from registry_service.register.brands.refusals import BrandAlreadyCancelled, BrandAlreadyExpired, BrandAlreadyRevoked

State = BrandState

LIVE = (State.ACTIVE, State.WARNED, State.SUSPENDED)
IN_FORCE = (State.ACTIVE, State.WARNED)

LIFECYCLE = Lifecycle(
    Move("register", None, State.ACTIVE, BrandRegistered),
    Move("enter_pending", None, State.PENDING_EFFECT, BrandRegistered),
    Move("take_effect", State.PENDING_EFFECT, State.ACTIVE, BrandTookEffect),
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
    waits={
        State.PENDING_EFFECT: ByClock("effective_on"),
        State.ACTIVE: Stands("the title is held until its last day or an act"),
        State.WARNED: Through("acts"),
        State.SUSPENDED: Through("acts"),
    },
)
