"""The launcher's own pages, in the frame that all pages share."""

from typing import Final

from common.web.documents.frame import Pages

PAGES: Final = Pages("embedded.pages")
