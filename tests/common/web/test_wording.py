"""A refusal's sentence: words for people, Beijing time, one full stop."""

from datetime import UTC, date, datetime
from enum import StrEnum

import pytest

from common.contracts.registry.brands import BrandState
from common.kernel.errors import ActionNotAllowed, Lang, Refused
from common.kernel.lifecycle import Lifecycle, Move
from common.web.answers.wording import noun_of, sentence
from common.web.refusals import RoleMissing

AT = datetime(2015, 10, 28, 9, 0, tzinfo=UTC)


class Colour(StrEnum):
    RED = "red"


class LampWaits(Refused):
    code, zh, en = "lamp-waits", "等到 {opens_at}。", "Wait until {opens_at}."


class LampDated(Refused):
    code, zh, en = "lamp-dated", "至 {closes_on} 止，{rules}。", "Until {closes_on}; {rules}."


def refusal(state: StrEnum) -> Refused:
    table = Lifecycle(
        Move("register", None, BrandState.ACTIVE, internal="test"),
        Move("revoke", BrandState.ACTIVE, BrandState.REVOKED, internal="test"),
    )
    with pytest.raises(ActionNotAllowed) as raised:
        table.move(state, "revoke")
    return raised.value


@pytest.mark.parametrize(
    ("error", "lang", "text"),
    [
        (refusal(BrandState.PENDING_EFFECT), "zh", "当前状态为“待生效”，不能执行“撤销”。"),
        (refusal(BrandState.PENDING_EFFECT), "en", "The state is 'pending effect'; 'revoke' is not possible now."),
        (refusal(Colour.RED), "zh", "当前状态为“red”，不能执行“revoke”。"),
        (LampWaits(opens_at=AT), "zh", "等到 2015年10月28日 17:00。"),
        (LampWaits(opens_at=AT.isoformat()), "zh", "等到 2015年10月28日 17:00。"),
        (LampWaits(opens_at="2015-10-28T09:00:00Z"), "en", "Wait until 2015-10-28 17:00 (Beijing)."),
        (LampWaits(opens_at="noon"), "zh", "等到 noon。"),
        (LampWaits(opens_at="2015-10-28T09:00:00"), "zh", "等到 2015-10-28T09:00:00。"),
        (LampDated(closes_on=date(2015, 1, 2), rules="甲。；乙。"), "zh", "至 2015年1月2日 止，甲；乙。"),
        (LampDated(closes_on="2015-01-02", rules="One. Two."), "en", "Until 2015-01-02; One. Two."),
        (LampDated(closes_on="2015-01-02", rules="and so on..."), "en", "Until 2015-01-02; and so on...."),
        (RoleMissing(roles="administrator, office"), "zh", "需要以下角色之一：平台管理员、领导小组办公室。"),
        (
            RoleMissing(roles="administrator, office"),
            "en",
            "One of these roles is needed: administrator, leading group's office.",
        ),
    ],
)
def test_a_sentence_is_worded_for_its_reader(error: Refused, lang: Lang, text: str) -> None:
    assert sentence(error, lang) == text


class SheetState(StrEnum):
    """A state as a noun's lifecycle defines it."""

    __module__ = "review_service.panel.sheets.lifecycle"

    OPEN = "open"


def test_the_noun_of_a_state_is_the_one_that_defines_it() -> None:
    assert noun_of(BrandState.ACTIVE) == "brands"
    assert noun_of(SheetState.OPEN) == "sheets"
