"""Web pages saved as one file (.mht), which many a .doc downloaded from a site really is: the page inside is read."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats.detection import WEB_ARCHIVE
from tasks.plans.formats.html import open_html


def open_web_archive(name: str, data: bytes) -> Document:
    """Opens the first page of the archive; pictures and styles are never looked at. Raises UnreadableDocument."""
    message = message_from_bytes(data, policy=default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            charset = part.get_content_charset()
            if isinstance(page, bytes):
                return open_html(name, _declared(page, charset))
    raise UnreadableDocument(WEB_ARCHIVE)


def _declared(page: bytes, charset: str | None) -> bytes:
    """The page with the charset that the archive names; a page knows its own only when it says so."""
    if charset is None or b"charset" in page[:2048].lower():
        return page
    return page.decode(charset, "replace").encode("utf-8-sig")
