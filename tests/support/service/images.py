"""Images: real ones, and such as only claim to be images."""

import struct
import zlib
from io import BytesIO
from typing import Final

from PIL import Image

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def image_of(kind: str, *, width: int = 40, height: int = 40) -> bytes:
    """Return an image of this kind (PNG or JPEG) with nothing on it."""
    file = BytesIO()
    Image.new("RGB", (width, height)).save(file, kind)
    return file.getvalue()


def png_that_says(width: int, height: int, *, content: bytes | None = b"") -> bytes:
    """Return a PNG of a few bytes whose header states this size; without content when that is None."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = b"" if content is None else _chunk(b"IDAT", zlib.compress(content))
    return _SIGNATURE + _chunk(b"IHDR", header) + pixels + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
