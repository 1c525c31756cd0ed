from datetime import date

import pytest

from common.contracts.review.notices import NoticeItem, NoticePublished
from review_service.decision.notices.model import Notice
from review_service.decision.notices.refusals import NoticeClosed, NoticeStillOpen
from support.casts.actors import id_of
from support.service.alone import START

FIRST, LAST, NEXT = date(2015, 10, 8), date(2015, 10, 16), date(2015, 10, 17)
ITEM = NoticeItem(
    application_id="app_1",
    applicant_id=id_of("91370102FAKE00013R"),
    applicant="91370102FAKE00013R",
    applicant_name="济南虚泉精密机械有限公司",
    item="旅游接待服务",
)


def _notice() -> Notice:
    return Notice(
        id="ntc_1",
        ranking_id="rnk_1",
        round_id="rnd_1",
        honour="SERVICE_BRAND",
        year=2015,
        opens_on=FIRST,
        closes_on=LAST,
        estimated=False,
        counting={},
        agency="SD-BODY",
        published_at=START,
        supplementary=False,
        text={"zh": "向社会公示。", "en": "Shown to the public."},
        objecting={"zh": "实名提出。", "en": "Under a real name."},
    )


def test_a_notice_shows_the_whole_list_to_everybody() -> None:
    notice = _notice()

    notice.publish([ITEM])

    (happened,) = notice.recorded
    assert (happened.action, happened.from_state, happened.to_state) == ("publish", None, "published")
    assert happened.event == NoticePublished(
        notice_id="ntc_1",
        round_id="rnd_1",
        honour="SERVICE_BRAND",
        year=2015,
        opens_on=FIRST,
        closes_on=LAST,
        estimated=False,
        supplementary=False,
        items=(ITEM,),
    )
    assert notice.items == [ITEM.model_dump()]


@pytest.mark.parametrize(("today", "still_open"), [(FIRST, True), (LAST, True), (NEXT, False)])
def test_a_notice_is_open_up_to_and_on_its_last_day(today: date, *, still_open: bool) -> None:
    notice = _notice()

    if still_open:
        notice.check_open(today)
        with pytest.raises(NoticeStillOpen) as refused:
            notice.check_closed(today)
        assert refused.value.params == {"closes_on": "2015-10-16"}
    else:
        notice.check_closed(today)
        with pytest.raises(NoticeClosed) as closed:
            notice.check_open(today)
        assert closed.value.params == {"closes_on": "2015-10-16"}
