"""Columns: headers are parsed at the first access and forwarded unchanged without one; a list holds whole values."""

import pytest
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select

from common.storage.columns import HeaderText, JsonText, header_text, holds


def test_headers_parsed_from_their_text_equal_the_mapping_that_was_written() -> None:
    read = HeaderText(header_text({"ce_id": "1", "ce_subject": "名牌"}))

    assert read == {"ce_id": "1", "ce_subject": "名牌"}
    assert dict(read) == {"ce_id": "1", "ce_subject": "名牌"}
    assert read["ce_subject"] == "名牌"
    assert len(read) == 2


def test_headers_that_are_forwarded_keep_every_byte_of_their_text() -> None:
    text = '{"ce_id" : "1"}'

    assert header_text(HeaderText(text)) == text


def test_an_invalid_text_fails_when_it_is_read_and_not_when_it_is_forwarded() -> None:
    broken = HeaderText("{")

    assert header_text(broken) == "{"
    with pytest.raises(ValueError, match="EOF"):
        broken.get("ce_id")


@pytest.mark.parametrize("wanted", ["expert-1", "EXPERT-1", "专家", 'a"b', "%", "xpert_1", "expert", 'expert-1","专家'])
def test_a_list_holds_a_text_as_a_whole_and_in_its_spelling_only(wanted: str) -> None:
    stored = ["expert-1", "专家", 'a"b']
    table = Table("lists", MetaData(), Column("texts", JsonText))
    with create_engine("sqlite://").begin() as connection:
        table.create(connection)
        connection.execute(insert(table).values(texts=stored))

        found = connection.execute(select(table.c.texts).where(holds(table.c.texts, wanted))).all()

    assert bool(found) == (wanted in stored)
