"""The two doors: a file, or pasted text. Whatever goes wrong inside comes out as UnreadableDocument."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import detection, limits, text
from tasks.plans.formats.building import DocumentBuilder
from tasks.plans.formats.detection import Kind
from tasks.plans.formats.package import Package

logger = logging.getLogger(__name__)

# Where each format is opened. Those that are zip packages take a checked `Package`, the others the bytes.
DOORS = {
    Kind.DOCX: ("docx", "open_docx"),
    Kind.XLSX: ("xlsx", "open_xlsx"),
    Kind.ODF: ("odf", "open_odf"),
    Kind.OFD: ("ofd", "open_ofd"),
    Kind.FLAT_ODF: ("odf", "open_flat_odf"),
    Kind.PDF: ("pdf", "open_pdf"),
    Kind.DOC: ("word97", "open_word97"),
    Kind.XLS: ("old_excel", "open_old_excel"),
    Kind.RTF: ("rtf", "open_rtf"),
    Kind.MHT: ("web_archive", "open_web_archive"),
    Kind.HTML: ("html", "open_html"),
}

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


def kind_of_file(name: str, data: bytes) -> Kind:
    """The format of a file; an archive that holds one document is a ZIP. Raises UnreadableDocument for what is not read."""
    kind = detection.kind_of(name, data)
    if kind is Kind.ZIP:
        package = Package(data)
        kind = detection.package_kind(package.names)
        if kind is Kind.ZIP:
            package.only_document()
    return kind


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


def _open(name: str, data: bytes, *, in_archive: bool = False) -> Document:
    kind = detection.kind_of(name, data)
    if kind is Kind.ZIP:
        package = Package(data)
        kind = detection.package_kind(package.names)
        if kind is Kind.ZIP:
            if in_archive:
                raise UnreadableDocument(detection.ARCHIVE)
            return _open(*package.only_document(), in_archive=True)
        document = _door(kind)(name, package)
    elif kind in DOORS:
        document = _door(kind)(name, data)
    else:
        document = _open_plain(name, kind, data)
    text.refuse_garbled("".join(block.text for block in document.blocks))
    return document


def _door(kind: Kind) -> Callable[..., Document]:
    """The function that opens a format; its module is loaded when the first file of that format comes."""
    module, function = DOORS[kind]
    door: Callable[..., Document] = getattr(import_module(f"tasks.plans.formats.{module}"), function)
    return door


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
