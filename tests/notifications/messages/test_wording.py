"""Mails are written for people: every template renders, in the words of the vocabulary and in Beijing time."""

import re
from importlib.resources import files

import pytest

from common.contracts.catalogue import EVENTS, example
from common.contracts.registry.brands import BrandRevoked
from common.contracts.review.reviews import Outcome, ReviewCompleted
from common.kernel.event import Event
from notifications_service.letters.messages.wording import words

TEMPLATES = {
    path.name.removesuffix(".txt")
    for path in files("notifications_service.letters.messages").joinpath("templates").iterdir()
}
WRITTEN = [event for event in EVENTS.values() if event.__name__ in TEMPLATES]


def test_every_template_belongs_to_an_event() -> None:
    assert {event.__name__ for event in WRITTEN} == TEMPLATES


@pytest.mark.parametrize("event", WRITTEN, ids=lambda event: event.__name__)
def test_a_mail_shows_no_machine_time_and_no_code_of_a_state(event: type[Event]) -> None:
    subject, body = words(example(event))

    text = f"{subject}\n{body}"
    assert subject
    assert re.search(r"[\u4e00-\u9fff]", body)
    assert not re.search(r"\d{4}-\d\d-\d\dT|\+00:00|not_recognised", text)
    assert "。。" not in text


def test_instants_are_in_beijing_time_and_dates_as_in_a_document() -> None:
    submitted = next(event for event in WRITTEN if event.__name__ == "ApplicationSubmitted")
    registered = next(event for event in WRITTEN if event.__name__ == "BrandRegistered")

    assert "贵单位的申报已于 2015年10月9日 10:15 提交" in words(example(submitted))[1]
    assert re.search(r"自 \d{4}年\d+月\d+日 起生效", words(example(registered))[1])


@pytest.mark.parametrize(
    ("outcome", "zh", "en"),
    [("recognised", "予以认定", "recognised"), ("not_recognised", "不予认定", "not recognised")],
)
def test_an_outcome_is_named_by_the_vocabulary(outcome: str, zh: str, en: str) -> None:
    subject, body = words(example(ReviewCompleted).model_copy(update={"outcome": Outcome(outcome)}))

    assert subject == f"评审结果：{zh} / Outcome of the review"
    assert body.endswith((f": {en}.\n", f": {en}."))


def test_a_revocation_says_until_when_its_holder_is_barred_and_nothing_where_it_bars_nobody() -> None:
    barring = example(BrandRevoked)

    _, body = words(barring)
    _, without = words(barring.model_copy(update={"barred_until": None}))

    assert "申报限制期至 2019年5月31日" in body
    assert "may not apply until after" in body
    assert "限制" not in without
    assert "may not apply" not in without
