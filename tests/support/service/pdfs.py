"""Small PDFs that open, each different."""

from io import BytesIO

import pikepdf


def pdf_of(title: str, *, pages: int = 1, password: str | None = None) -> bytes:
    """Return a PDF with blank pages and this title; with a password it cannot be opened without it."""
    with pikepdf.new() as document, BytesIO() as file:
        for _ in range(pages):
            document.add_blank_page()
        document.docinfo["/Title"] = title
        if password is None:
            document.save(file, static_id=True)
        else:
            document.save(file, encryption=pikepdf.Encryption(user=password, owner=password))
        return file.getvalue()
