"""PDF files with a text layer. PDFium, the reader inside Chrome, reads them; nothing in them runs or is fetched."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pypdfium2

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import limits
from tasks.plans.formats.building import DocumentBuilder
from tasks.plans.formats.detection import Kind
from tasks.plans.formats.pdf_fonts import use_bar_font
from tasks.plans.formats.pdf_page import read_page
from tasks.plans.formats.printed_page import PageContent
from tasks.plans.formats.printed_text import TOO_MANY_PAGES, add_pages

LOCKED = "PDF设有打开密码，请取消密码后再上传。"
DAMAGED = "PDF文件已损坏，请重新导出后再上传。"

# PDFium keeps global state and must not be entered by two threads at once.
PDFIUM = threading.Lock()
use_bar_font()


def open_pdf(name: str, data: bytes) -> Document:
    """Opens a PDF with a text layer. Raises UnreadableDocument for scans, locked and damaged files."""
    builder = DocumentBuilder(name, Kind.PDF)
    with PDFIUM:
        add_pages(builder, _contents(data), "PDF")
    return builder.document()


def _contents(data: bytes) -> Iterator[PageContent]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(LOCKED if "assword" in str(error) else DAMAGED) from error
    try:
        if len(document) > limits.PAGES:
            raise UnreadableDocument(TOO_MANY_PAGES)
        for index in range(len(document)):
            yield _content(document, index)
    finally:
        document.close()


def _content(document: Any, index: int) -> PageContent:
    try:
        page = document[index]
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(DAMAGED) from error
    try:
        return read_page(page, index + 1)
    finally:
        page.close()
