from review_service.standing.mergers.model import Merger
from support.casts.casenews import merged


def test_a_merger_is_learned_without_an_event() -> None:
    event = merged()

    learned = Merger.learned(event)

    (happened,) = learned.recorded
    assert (learned.id, learned.into_id, happened.event) == (event.applicant_id, event.into_id, None)
