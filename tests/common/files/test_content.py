"""What a file is, by the judgement of the libraries that read it."""

from io import BytesIO

import pytest
from hypothesis import given, strategies as st

from common.files.content import ATTACHMENT_TYPES, MOST_PIXELS, PDF, media_type_of
from common.files.refusals import FileUnreadable
from support.service.images import image_of, png_that_says
from support.service.pdfs import pdf_of

WHOLE = pdf_of("示例")
PNG = image_of("PNG")
JPEG = image_of("JPEG")
MAGIC = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0"}
UNREADABLE = {
    "header": b"%PDF-1.7",
    "header and end": b"%PDF-1.4\n%%EOF\n",
    "garbage": b"%PDF-1.7\n" + bytes(range(256)),
    "no page": pdf_of("none", pages=0),
    "password": pdf_of("x", password="p"),
    "the first bytes of a png": MAGIC["png"],
    "the first bytes of a png and nothing else": MAGIC["png"] + b"\0" * 8,
    "the first bytes of a jpeg and nothing else": MAGIC["jpeg"] + b"\0" * 8,
    "a png without its end": PNG[:-12],
    "half a png": PNG[: len(PNG) // 2],
    "half a jpeg": JPEG[: len(JPEG) // 2],
    "a jpeg without its end": JPEG[:-2],
    "a png without pixels": png_that_says(0, 0),
    "a png without content": png_that_says(5, 5, content=None),
    "a bomb": png_that_says(100_000, 100_000),
    "one pixel too many": png_that_says(MOST_PIXELS + 1, 1),
    "a damaged png": PNG[:50] + bytes([PNG[50] ^ 1]) + PNG[51:],
}
OTHERS = {
    b"": None,
    b"MZ\x90\0": None,
    b"<html>": None,
    b"%PDF": None,
    b" " * 1020 + WHOLE: None,
    b"PK\x03\x04": None,
    png_that_says(MOST_PIXELS, 1): "image/png",
    b"GIF89a": None,
    b"just text": None,
    PNG: "image/png",
    JPEG: "image/jpeg",
}


@pytest.mark.parametrize(
    "content",
    [
        WHOLE,
        b"\xef\xbb\xbf" + WHOLE,
        b"\xff\xfe" + WHOLE,
        b"\r\n\r\n" + WHOLE,
        b"<html>not a page</html>" + WHOLE,
        b" " * 1019 + WHOLE,
        WHOLE + b"\0" * 500,
        WHOLE[:-20],
        pdf_of("many", pages=40),
    ],
)
def test_a_pdf_that_readers_open_is_one_whatever_is_before_its_header(content: bytes) -> None:
    assert media_type_of(BytesIO(content)) == PDF


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_does_not_open_is_refused_as_unreadable(content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        media_type_of(BytesIO(content))


@pytest.mark.parametrize(("content", "media_type"), OTHERS.items())
def test_other_content_is_what_its_bytes_say(content: bytes, media_type: str | None) -> None:
    found = media_type_of(BytesIO(content))
    assert (found if found in ATTACHMENT_TYPES else None) == media_type


@given(
    st.sampled_from([WHOLE, PNG, JPEG]),
    st.integers(0, len(WHOLE) - 1),
    st.binary(max_size=30),
    st.integers(0, 60),
    st.integers(0, 255),
)
def test_no_damage_makes_the_judgement_fail(whole: bytes, at: int, inserted: bytes, removed: int, changed: int) -> None:
    damaged = bytearray(whole[:at] + inserted + whole[at + removed :] or b"x")
    damaged[at % len(damaged)] = changed
    try:
        media_type_of(BytesIO(bytes(damaged)))
    except FileUnreadable:
        return
