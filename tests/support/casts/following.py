"""What review and registry publish about one application after its acceptance, agreeing with the application."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from common.contracts.registry.brands import (
    BrandActEvent,
    BrandExpired,
    BrandRegistered,
    BrandRevoked,
    BrandState,
    BrandTookEffect,
)
from common.contracts.review.notices import NoticeItem, NoticePublished
from common.contracts.review.rankings import ListChange, RankedCase, ShortlistChanged, ShortlistProposed
from common.contracts.review.reviews import (
    Outcome,
    PanelCause,
    PanelChanged,
    PanelDissolved,
    PanelDrawn,
    ReviewCompleted,
    ReviewOpened,
    WithdrawalOutcome,
    WithdrawalSettled,
)
from support.casts.programmes import item_members, programme
from support.service.alone import START, Alone

NUMBER: Final = "SDMP-2015-00001-B"
DAY: Final = date(2015, 12, 20)


@dataclass(frozen=True)
class Following:
    """The events about an application; each method returns one."""

    application_id: str
    round_id: str
    applicant_id: str
    applicant: str
    honour: str = "FAMOUS_PRODUCT"
    division: str = "370102"

    @classmethod
    async def of(cls, service: Alone, application_id: str) -> "Following":
        """Return the events about an application of the service."""
        (row,) = [row for row in await service.rows("applications") if row["id"] == application_id]
        return cls(application_id, row["round_id"], row["applicant_id"], row["applicant"])

    @property
    def _about(self) -> dict[str, Any]:
        return {**vars(self), "review_id": "rev_1"}

    @property
    def _brand(self) -> dict[str, Any]:
        return {
            "brand_id": "brd_1",
            "number": NUMBER,
            "honour": self.honour,
            "year": 2015,
            "applicant_id": self.applicant_id,
            "uscc": self.applicant,
            "application_id": self.application_id,
            "recorded_at": START,
            "version_before": 0,
            "version_after": 1,
        }

    def opened(self) -> ReviewOpened:
        """The review begins."""
        return ReviewOpened(**self._about)

    def drawn(self, *readers: str) -> PanelDrawn:
        """The panel is drawn; `readers` sit on it."""
        return PanelDrawn(**self._about, draw_id="drw_1", size=len(readers) or 1, vacant=0, due_on=DAY, readers=readers)

    def panel_changed(self, *readers: str) -> PanelChanged:
        """A seat of the panel is emptied; `readers` sit on it now."""
        return PanelChanged(**self._about, cause=PanelCause.RECUSED, size=len(readers), vacant=0, readers=readers)

    def panel_dissolved(self) -> PanelDissolved:
        """The panel is dissolved."""
        return PanelDissolved(**self._about, reason="抽取有误。")

    def listed(self, *, admitted: bool = True) -> ShortlistProposed:
        """The list is proposed."""
        case = RankedCase(
            review_id="rev_1",
            application_id=self.application_id,
            applicant_id=self.applicant_id,
            applicant=self.applicant,
            rank=1,
            admitted=admitted,
        )
        return ShortlistProposed(
            ranking_id="rnk_1", round_id=self.round_id, honour=self.honour, quota=300, items=(case,)
        )

    def called_up(self) -> ShortlistChanged:
        """It is called up from the reserve list."""
        return ShortlistChanged(
            ranking_id="rnk_1",
            round_id=self.round_id,
            honour=self.honour,
            list_version=2,
            change=ListChange.CALLED_UP,
            review_id="rev_1",
            application_id=self.application_id,
            applicant_id=self.applicant_id,
            applicant=self.applicant,
            rank=1,
            ground=None,
            veto_rule=None,
            reason="依次递补。",
        )

    def on_notice(self) -> NoticePublished:
        """The list is put on notice."""
        item = NoticeItem(
            application_id=self.application_id,
            applicant_id=self.applicant_id,
            applicant=self.applicant,
            applicant_name="虚泉",
            item="数控车床",
        )
        return NoticePublished(
            notice_id="ntc_1",
            round_id=self.round_id,
            honour=self.honour,
            year=2015,
            opens_on=date(2015, 11, 20),
            closes_on=date(2015, 12, 1),
            estimated=False,
            supplementary=False,
            items=(item,),
        )

    def completed(self, outcome: Outcome = Outcome.RECOGNISED) -> ReviewCompleted:
        """The review ends."""
        return ReviewCompleted(
            **self._about,
            outcome=outcome,
            rank=1,
            reasons=(),
            announcement_id="ann_1",
            uscc=self.applicant,
            applicant_name="济南虚泉精密机械有限公司",
            recommenders=("SD-370102",),
            registration=None,
        )

    def settled(self, outcome: WithdrawalOutcome) -> WithdrawalSettled:
        """The request to withdraw is answered."""
        late = outcome is WithdrawalOutcome.TOO_LATE
        return WithdrawalSettled(
            **self._about,
            outcome=outcome,
            concluded_as=Outcome.RECOGNISED if late else None,
            reason="评审已终结。" if late else "不再申报。",
        )

    def registered(self) -> BrandRegistered:
        """The brand is registered."""
        return BrandRegistered(
            **self._brand,
            state=BrandState.ACTIVE,
            holder_name="虚泉",
            item="虚泉牌数控车床",
            **item_members(self.honour),
            granted_on=DAY,
            effective_on=DAY,
            valid_until=None,
            document_number="鲁名牌字〔2015〕1号",
            programme_digest=programme(self.honour).digest,
            division=self.division,
        )

    def in_force(self) -> BrandTookEffect:
        """The brand takes effect."""
        return BrandTookEffect(**self._brand, state=BrandState.ACTIVE, effective_on=DAY)

    def ruled(self, kind: type[BrandActEvent] = BrandRevoked, state: BrandState = BrandState.REVOKED) -> BrandActEvent:
        """An act is carried out on the brand."""
        bar = {"barred_until": date(2018, 12, 19)} if kind is BrandRevoked else {}
        return kind(
            **self._brand,
            **bar,
            state=state,
            grounds="fraud",
            reason="弄虚作假。",
            document_number="鲁名牌办〔2016〕1号",
            acting_body="SD-OFFICE",
            effective_on=DAY,
        )

    def expired(self) -> BrandExpired:
        """The brand expires."""
        return BrandExpired(**self._brand, state=BrandState.EXPIRED, expired_on=DAY)
