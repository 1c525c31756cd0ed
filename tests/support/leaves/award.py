"""Scenes from the vote to the exit: what a list needs, how long a title lasts, and what an act brings about."""

from datetime import date
from types import SimpleNamespace
from typing import Any, Final, get_args

from common.programme.definition.award import Act as ActKind
from registry_service.register.brands.model import Brand, Entry
from registry_service.supervision.acts.model import Act
from review_service.decision.deliberations.model import Deliberation
from support.casts.registering import HONOUR, NUMBER, case
from support.leaves.edition import rules
from support.leaves.intake import TODAY, verdict
from support.service.alone import START

ACTS: Final[tuple[ActKind, ...]] = get_args(ActKind)
FROM: Final = {"warn": "active", "suspend": "active", "revoke": "active", "cancel": "active", "reinstate": "warned"}
FIRST_GROUND: Final = {
    "warn": "late_change_report",
    "suspend": "failed_check",
    "revoke": "safety_fault",
    "cancel": "holder_wish",
    "reinstate": "rectified",
}


def _voted(given: dict[str, Any], *, votes_for: int, against: int, seats: int = 15) -> str:
    votes = ["for"] * votes_for + ["against"] * against
    votes += ["absent"] * (seats - len(votes))
    deliberation = Deliberation(
        id="dlb_1",
        ranking_id="rnk_1",
        round_id="rnd_1",
        honour=HONOUR,
        recognition_body="SD-BODY",
        votes=[
            {"seat": seat, "member": f"m-{seat}", "vote": vote, "recused_from": []}
            for seat, vote in enumerate(votes, start=1)
        ],
        items=[],
        minutes="会议纪要",
        recorded_at=START,
        recorded_by="officer-1",
    )
    return verdict(deliberation.record_vote, rules(given), {"rev_1": "app_1"})


def eight_of_ten(given: dict[str, Any]) -> str:
    return _voted(given, votes_for=8, against=2)


def eight_of_eight(given: dict[str, Any]) -> str:
    return _voted(given, votes_for=8, against=0)


def seven_of_twelve(given: dict[str, Any]) -> str:
    return _voted(given, votes_for=7, against=5)


def registered(given: dict[str, Any]) -> tuple[str, date | None]:
    """Return the number and the last day of a title that takes effect today."""
    event = case().completed
    assert event.registration is not None
    brand = Brand.registered(
        event,
        event.registration,
        brand_id="brd_1",
        title=rules(given).title,
        serial=1,
        today=TODAY,
        entry=Entry("chg_1", START),
    )
    return brand.number, brand.valid_until


def acting(action: ActKind, given: dict[str, Any]) -> tuple[str, date | None]:
    """Return whether an act on the first ground is taken, and until when it bars the holder."""
    act = Act(
        id="act_1",
        number=NUMBER,
        action=action,
        grounds=FIRST_GROUND[action],
        reason="核实。",
        document_number="鲁名牌办〔2015〕2号",
        acting_body="SD-OFFICE",
        effective_on=TODAY,
        proposed_by="office-1",
        proposed_at=START,
    )
    brand = SimpleNamespace(state=FROM[action], effective_on=TODAY, registered_at=START)
    ended = verdict(act.propose, brand=brand, programme=rules(given), today=TODAY)
    return ended, act.barred_until
