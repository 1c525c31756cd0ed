"""Columns: headers are read when somebody asks for them, and passed on as they were written otherwise."""

import pytest

from common.storage.columns import HeaderText, header_text


def test_headers_read_from_their_text_are_the_mapping_that_was_written() -> None:
    read = HeaderText(header_text({"ce_id": "1", "ce_subject": "名牌"}))

    assert read == {"ce_id": "1", "ce_subject": "名牌"}
    assert dict(read) == {"ce_id": "1", "ce_subject": "名牌"}
    assert read["ce_subject"] == "名牌"
    assert len(read) == 2


def test_headers_that_are_passed_on_keep_their_text_to_the_byte() -> None:
    text = '{"ce_id" : "1"}'

    assert header_text(HeaderText(text)) == text


def test_a_text_that_is_no_header_fails_who_reads_it_and_not_who_passes_it_on() -> None:
    broken = HeaderText("{")

    assert header_text(broken) == "{"
    with pytest.raises(ValueError, match="EOF"):
        broken.get("ce_id")
