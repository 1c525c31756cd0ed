"""The golden samples: records as they were once written, which every later release must still understand."""

import json

import jsonschema_rs
import pytest

from common.contracts.catalogue import EVENTS, Decoded, decode
from common.contracts.schema import outside_schema
from support.rules.golden import Sample, golden_files, recorded_digests, samples


def lost(sample: object, now: object, place: str = "") -> list[str]:
    """List the places of the sample whose value is not what it was."""
    if isinstance(sample, dict) and isinstance(now, dict):
        gone = [f"{place}/{name}" for name in sample.keys() - now.keys()]
        return gone + [
            at for name in sample.keys() & now.keys() for at in lost(sample[name], now[name], f"{place}/{name}")
        ]
    if isinstance(sample, list) and isinstance(now, list) and len(sample) == len(now):
        pairs = enumerate(zip(sample, now, strict=True))
        return [at for index, (one, other) in pairs for at in lost(one, other, f"{place}/{index}")]
    return [] if sample == now else [place]


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_sample_is_still_understood_whole(sample: Sample) -> None:
    decoded = decode(sample.headers, sample.payload)
    assert isinstance(decoded, Decoded)
    assert lost(sample.data, json.loads(decoded.event.whole())) == []
    assert decoded.envelope.headers() == sample.headers


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_sample_is_valid_under_the_schema_that_is_served(sample: Sample) -> None:
    event_class = EVENTS[sample.headers["ce_type"]]
    outside = {name: value for name, value in sample.data.items() if name not in event_class.internal_fields()}
    validator = jsonschema_rs.validator_for(outside_schema(event_class), validate_formats=True)
    assert [error.message for error in validator.iter_errors(outside)] == []


def test_every_event_has_a_sample() -> None:
    assert {sample.headers["ce_type"] for sample in samples()} == set(EVENTS)


def test_a_sample_is_named_after_its_type() -> None:
    assert [sample.name for sample in samples() if not sample.name.startswith(sample.headers["ce_type"])] == []


def test_no_golden_file_was_edited() -> None:
    assert golden_files() == recorded_digests()


def test_a_lost_or_changed_value_would_be_noticed() -> None:
    sample = {"number": "1", "items": [{"rank": 1, "name": "a"}], "level": None}
    now = {"number": "2", "items": [{"rank": 1}], "level": None, "added": 1}
    assert sorted(lost(sample, now)) == ["/items/0/name", "/number"]
