import json

import pytest

from common.contracts.catalogue import Decoded, Undecodable, UnknownType, decode
from common.contracts.registry.brands import BrandRevoked
from common.kernel.errors import Permanent
from support.rules.golden import Sample, samples


@pytest.fixture
def sample() -> Sample:
    return next(sample for sample in samples() if sample.name == BrandRevoked.type_name())


def refused(headers: dict[str, str], payload: bytes) -> tuple[str, str]:
    with pytest.raises(Undecodable) as caught:
        decode(headers, payload)
    return caught.value.reason, caught.value.detail


def test_a_record_becomes_its_envelope_and_event(sample: Sample) -> None:
    decoded = decode(sample.headers, sample.payload)
    assert isinstance(decoded, Decoded)
    assert decoded.event == BrandRevoked.model_validate(sample.data)
    assert decoded.envelope.id == sample.headers["ce_id"]


def test_unknown_fields_are_ignored_at_every_depth() -> None:
    sample = next(sample for sample in samples() if sample.name.endswith(".NoticePublished.v1"))
    more = sample.data | {"added": {"deep": [1]}, "items": [{**item, "added": 1} for item in sample.data["items"]]}
    assert decode(sample.headers, json.dumps(more).encode()) == decode(sample.headers, sample.payload)


def test_unknown_headers_are_ignored(sample: Sample) -> None:
    assert decode(sample.headers | {"ce_added": "1"}, sample.payload) == decode(sample.headers, sample.payload)


@pytest.mark.parametrize("type_name", ["cn.mingpai.registry.BrandPainted.v1", "com.example.created", "x", ".v1"])
def test_an_unknown_type_is_named_and_not_an_error(sample: Sample, type_name: str) -> None:
    assert decode(sample.headers | {"ce_type": type_name}, b"{}") == UnknownType(type_name)


def test_an_unknown_version_of_a_known_event_is_set_aside(sample: Sample) -> None:
    headers = sample.headers | {"ce_type": "cn.mingpai.registry.BrandRevoked.v2"}
    assert refused(headers, sample.payload) == ("unknown-version", "cn.mingpai.registry.BrandRevoked.v2")


@pytest.mark.parametrize(
    ("header", "value", "detail"),
    [
        ("ce_id", None, "ce_id is missing"),
        ("ce_type", None, "ce_type is missing"),
        ("ce_subject", None, "ce_subject is missing"),
        ("ce_time", None, "ce_time is missing"),
        ("ce_sequence", None, "ce_sequence is missing"),
        ("ce_correlationid", None, "ce_correlationid is missing"),
        ("ce_id", "", "ce_id is empty"),
        ("ce_time", "yesterday", "ce_time is no instant"),
        ("ce_time", "2015-10-09T02:15:00", "ce_time has no offset"),
        ("ce_sequence", "1", "ce_sequence is not 20 digits"),
        ("ce_specversion", "0.3", "ce_specversion is not 1.0"),
        ("ce_specversion", None, "ce_specversion is not 1.0"),
        ("ce_subject", "brd_another", "ce_subject differs from brand_id"),
    ],
)
def test_a_malformed_envelope_is_set_aside(sample: Sample, header: str, value: str | None, detail: str) -> None:
    headers = {name: text for name, text in sample.headers.items() if name != header}
    if value is not None:
        headers[header] = value
    assert refused(headers, sample.payload) == ("malformed-envelope", detail)


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"number": None}, "/number string_type"),
        ({"state": "painted"}, "/state enum"),
        ({"effective_on": "2015-02-30"}, "/effective_on date_parsing"),
        ({"version_after": "x"}, "/version_after int_parsing"),
    ],
)
def test_a_malformed_payload_is_set_aside_with_the_place(
    sample: Sample, change: dict[str, object], detail: str
) -> None:
    assert refused(sample.headers, json.dumps(sample.data | change).encode()) == ("malformed-payload", detail)


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"[]", b"null", b"\xff", b'{"brand_id": "\\ud800"}', b"[" * 100_000, b"9" * 5_000]
)
def test_bytes_that_are_no_event_are_set_aside(sample: Sample, payload: bytes) -> None:
    assert refused(sample.headers, payload)[0] == "malformed-payload"


@pytest.mark.parametrize("number", [b"NaN", b"-Infinity", b"1e999"])
def test_a_number_that_json_cannot_hold_is_set_aside(number: bytes) -> None:
    sample = next(sample for sample in samples() if sample.name.endswith(".ProgrammePublished.v1"))
    payload = json.dumps(sample.data | {"definition": "HERE"}).encode().replace(b'"HERE"', b'{"a": [' + number + b"]}")
    assert refused(sample.headers, payload) == ("malformed-payload", "/definition value_error")


def test_many_faults_are_cut_short(sample: Sample) -> None:
    assert refused(sample.headers, b"{}")[1].endswith("and 12 more")


def test_a_refusal_repeats_nothing_of_the_content(sample: Sample) -> None:
    with pytest.raises(Permanent) as caught:
        decode(sample.headers, json.dumps(sample.data | {"version_after": "objector@citizen.example"}).encode())
    assert str(caught.value) == "malformed-payload: /version_after int_parsing"
    assert caught.value.__suppress_context__
