from datetime import date

import pytest

from common.contracts.review.announcements import AnnouncedCase, AnnouncementPublished
from review_service.decision.announcements.model import Announcement
from review_service.decision.announcements.refusals import EffectiveOutsideTerm
from support.casts.actors import id_of
from support.service.alone import START

CASE = AnnouncedCase(
    application_id="app_1",
    applicant_id=id_of("91370102FAKE00013R"),
    applicant="91370102FAKE00013R",
    applicant_name="济南虚泉精密机械有限公司",
    item="旅游接待服务",
    rank=1,
)


def drafted(effective_on: date) -> Announcement:
    """Return an announcement of 8 October 2015, not published yet."""
    return Announcement(
        id="ann_1",
        deliberation_id="dlb_1",
        list_digest="sha256:1",
        round_id="rnd_1",
        honour="SERVICE_BRAND",
        year=2015,
        document_number="鲁名牌字〔2015〕1号",
        effective_on=effective_on,
        published_at=START,
        published_by="office-1",
        recognised_by={"zh": "认定机构", "en": "Recognition body"},
        confirmed_by={"zh": "办公室", "en": "Office"},
    )


@pytest.mark.parametrize("effective_on", [date(2015, 10, 8), date(2017, 10, 8)])
def test_an_announcement_takes_effect_on_its_own_day_or_within_two_years(effective_on: date) -> None:
    announcement = drafted(effective_on)
    announcement.publish([CASE])
    assert len(announcement.recorded) == 1


@pytest.mark.parametrize("effective_on", [date.min, date(2015, 10, 7), date(2017, 10, 9), date.max])
def test_an_announcement_that_takes_effect_before_its_day_or_years_ahead_is_refused(effective_on: date) -> None:
    announcement = drafted(effective_on)
    with pytest.raises(EffectiveOutsideTerm) as refused:
        announcement.publish([CASE])
    assert (refused.value.code, refused.value.pointer) == ("effective-outside-term", "/effective_on")
    assert refused.value.params == {"first_on": date(2015, 10, 8), "last_on": date(2017, 10, 8)}
    assert announcement.recorded == []


def test_an_announcement_publishes_the_whole_list_under_its_document_number() -> None:
    announcement = drafted(date(2015, 12, 20))

    announcement.publish([CASE])

    (happened,) = announcement.recorded
    assert (happened.action, happened.from_state, happened.to_state) == ("publish", None, "published")
    assert happened.event == AnnouncementPublished(
        announcement_id="ann_1",
        deliberation_id="dlb_1",
        list_digest="sha256:1",
        round_id="rnd_1",
        honour="SERVICE_BRAND",
        year=2015,
        document_number="鲁名牌字〔2015〕1号",
        effective_on=date(2015, 12, 20),
        items=(CASE,),
    )
    assert announcement.items == [CASE.model_dump()]
