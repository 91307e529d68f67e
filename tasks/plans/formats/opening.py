"""The two doors: a file, or pasted text. Whatever goes wrong inside comes out as UnreadableDocument."""

from __future__ import annotations

import logging
from pathlib import PurePath

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import detection, limits, text
from tasks.plans.formats.building import DocumentBuilder
from tasks.plans.formats.detection import Kind

logger = logging.getLogger(__name__)

DAMAGED = "文件已损坏或格式不规范，请用Word或WPS打开后另存为新文件再上传。"
PASTED_EMPTY = "没有粘贴任何文字，请把方案全文粘贴进来。"
PASTED_GARBLED = "粘贴的文字是乱码，请从原文件重新复制。"
PASTED_TOO_LONG = "粘贴的文字太多，请只粘贴方案正文和任务表。"


def open_document(name: str, data: bytes) -> Document:
    """Opens a file by its content; `name` is kept and only tells kinds of plain text apart.

    Raises UnreadableDocument, and nothing else, with one Chinese sentence that says what to do.
    """
    try:
        if len(data) > limits.FILE_BYTES:
            raise UnreadableDocument(limits.TOO_BIG)
        return _open(PurePath(name).name or "文件", data)
    except UnreadableDocument:
        raise
    except Exception as error:
        # A hostile or damaged file may break any parser anywhere; the user can do only one thing about it.
        logger.warning("could not open %r: %s: %s", name, type(error).__name__, error)
        raise UnreadableDocument(DAMAGED) from error


def open_text(pasted: str, name: str = "粘贴的文字") -> Document:
    """Opens pasted text: one paragraph for every line. Raises UnreadableDocument."""
    if not pasted.strip():
        raise UnreadableDocument(PASTED_EMPTY)
    if len(pasted) > limits.CHARACTERS:
        raise UnreadableDocument(PASTED_TOO_LONG)
    text.refuse_garbled(pasted, PASTED_GARBLED)
    builder = DocumentBuilder(name, Kind.TEXT)
    text.add_lines(builder, pasted)
    return builder.document()


def _open(name: str, data: bytes) -> Document:
    kind = detection.kind_of(name, data)
    if kind is Kind.PDF:
        from tasks.plans.formats.pdf import open_pdf

        document = open_pdf(name, data)
    elif kind is Kind.DOC:
        from tasks.plans.formats.word97 import open_word97

        document = open_word97(name, data)
    elif kind is Kind.XLS:
        from tasks.plans.formats.old_excel import open_old_excel

        document = open_old_excel(name, data)
    elif kind is Kind.RTF:
        from tasks.plans.formats.rtf import open_rtf

        document = open_rtf(name, data)
    elif kind is Kind.MHT:
        from tasks.plans.formats.web_archive import open_web_archive

        document = open_web_archive(name, data)
    elif kind is Kind.DOCX:
        from tasks.plans.formats.package import open_package

        document = open_package(name, data)
    elif kind is Kind.HTML:
        from tasks.plans.formats.html import open_html

        document = open_html(name, data)
    else:
        document = _open_plain(name, kind, data)
    text.refuse_garbled("".join(block.text for block in document.blocks))
    return document


def _open_plain(name: str, kind: Kind, data: bytes) -> Document:
    builder = DocumentBuilder(name, kind)
    content = text.decode(data)
    if len(content) > limits.CHARACTERS:
        raise UnreadableDocument(limits.TOO_LONG)
    text.refuse_garbled(content)
    if kind is Kind.CSV:
        text.add_csv(builder, content)
    else:
        text.add_lines(builder, content)
    return builder.document()
