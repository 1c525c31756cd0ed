"""What a file is, judged by the libraries that read it, whatever its name or its sender says.

A PDF may have other bytes before its header, as readers accept it (ISO 32000-1, annex H: within the first 1,024 bytes);
it is one if it opens without a password and has a page. An image is one if all of it is there and intact; it has a
limited number of pixels, because a small file can be an image that no memory holds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

import pikepdf
import puremagic
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from common.files.refusals import FileUnreadable

PDF: Final = "application/pdf"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
ATTACHMENT_TYPES: Final = frozenset({PDF, PNG, JPEG})
"""The types that may be attached by default."""
_PDF_HEADER: Final = b"%PDF-"
_PDF_HEADER_WITHIN: Final = 1024
_HEAD: Final = 8192
MOST_PIXELS: Final = 100_000_000
"""A sheet of A3 scanned at 600 dots per inch has 70 million."""


def media_type_of(file: BinaryIO) -> str | None:
    """Return the media type of a file, None for an unknown one.

    Raises FileUnreadable for a PDF or an image that cannot be read.
    """
    file.seek(0)
    head = file.read(_HEAD)
    if _PDF_HEADER in head[:_PDF_HEADER_WITHIN]:
        _check_pdf(file)
        return PDF
    try:
        found = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        return None
    if found == PNG:
        _check_png(file)
    elif found == JPEG:
        _check_jpeg(file)
    return None if found == PDF else found or None  # only a PDF that opens is one


def _check_pdf(file: BinaryIO) -> None:
    file.seek(0)
    try:
        with pikepdf.open(file) as document:
            readable = len(document.pages) > 0
    except pikepdf.PikepdfError:
        readable = False
    if not readable:
        raise FileUnreadable


def _check_png(file: BinaryIO) -> None:
    """Check the sums of all parts of an image, which needs no memory for its pixels."""
    file.seek(0)
    with _opening():
        image = PngImageFile(file)
        _check_size(image.size, parts=len(image.tile))
        image.verify()


def _check_jpeg(file: BinaryIO) -> None:
    """Read all of an image, at an eighth of its size: it has no sums that would show what is missing."""
    file.seek(0)
    with _opening():
        image = JpegImageFile(file)
        _check_size(image.size, parts=len(image.tile))
        image.draft("L", (1, 1))
        image.load()


def _check_size(size: tuple[int, int], *, parts: int) -> None:
    width, height = size
    if not (parts and 0 < width * height <= MOST_PIXELS):
        raise FileUnreadable


@contextmanager
def _opening() -> Iterator[None]:
    """Make each error of the image library the refusal."""
    try:
        yield
    except (OSError, SyntaxError, ValueError) as error:
        raise FileUnreadable from error
