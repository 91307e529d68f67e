"""What kind of table a file is, by its bytes, and the sheets of the kinds that are neither .xlsx nor plain text.

Counties keep registers in Excel's old format and in WPS, and many systems "export to Excel" a web page or an XML file
under the name .xls. Each is read into the same `Sheet`; nothing in a file runs and nothing is fetched.
"""

from __future__ import annotations

import io
import re
from enum import StrEnum

from common.archives import open_archive, read_member, refuse_doctype
from common.errors import Refused
from common.filetypes import FileType
from common.spreadsheets.sheet import MAX_BYTES, MAX_UNPACKED, Sheet

from .markup import html_sheets, xml_sheets
from .old_excel import old_sheets
from .open_document import document_sheets

ENDINGS = (".xlsx", ".xls", ".et", ".csv", ".ods", ".txt", ".tsv", ".htm", ".html")
"""The endings of files that are read as tables; what a file is, its bytes say."""


class Format(StrEnum):
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    HTML = "html"
    XML = "xml"
    TEXT = "text"


_READERS = {
    Format.XLS: old_sheets,
    Format.ODS: document_sheets,
    Format.HTML: html_sheets,
    Format.XML: xml_sheets,
}
_EXCEL = FileType("application/vnd.ms-excel", ".xls")
_FILE_TYPES = {
    Format.XLS: _EXCEL,
    # Kept as what it claims to be: nothing opens it as a page of ours.
    Format.HTML: _EXCEL,
    Format.XML: _EXCEL,
    Format.ODS: FileType("application/vnd.oasis.opendocument.spreadsheet", ".ods"),
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.{0,2000}?-->\s*)*<(!doctype\s+html|html|head|body|meta|style|table|div)\b",
    re.I | re.S,
)
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为 xlsx 再导入。"


def format_of(data: bytes) -> Format:
    """Which kind of table this is. Raises Refused with what to do for everything that is none."""
    if len(data) > MAX_BYTES:
        raise Refused(f"文件超过 {MAX_BYTES // 1024 // 1024} MB。请拆成几个文件分别导入。", code="table_too_large")
    if not data.strip(b"\x00 \t\r\n"):
        raise Refused("文件是空的。请检查后重新选择。", code="table_empty")
    if data.startswith(_OLD_OFFICE):
        return _old_office(data)
    if data.startswith(b"PK"):
        return _package(data)
    head = data[:8192]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    head = head.removeprefix(b"\xef\xbb\xbf")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head and head.lstrip().startswith(b"<?xml"):
        return Format.XML
    if _MARKUP.match(head):
        return Format.HTML
    if re.match(rb"\s*(MIME-Version:|From:\s[^\n]*\n|Content-Type:\s*multipart)", head, re.I):
        raise Refused(f"这是单个文件网页（mht）。{_SAVE_AS}", code="table_unknown")
    if head.startswith(
        (b"%PDF-", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
    ):
        raise Refused(
            "这不是表格文件，是图片、PDF、压缩包或文字文件。请选择 Excel 或 WPS 表格文件。", code="table_unknown"
        )
    return Format.TEXT


def foreign_sheets(data: bytes, form: Format) -> list[Sheet]:
    """The visible sheets of a table in one of the formats that are read whole."""
    try:
        return _READERS[form](data)
    except Refused:
        raise
    except (Exception, RecursionError) as error:
        # A damaged file makes a reader fail in as many ways as there are bytes.
        raise Refused(f"文件已损坏，读不出来。{_SAVE_AS}", code="table_damaged") from error


def table_file_type(data: bytes) -> FileType | None:
    """As what a table is kept, where `recognise_file` does not take its kind by itself."""
    return _FILE_TYPES.get(format_of(data))


def _old_office(data: bytes) -> Format:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise Refused("文件设了打开密码。请去掉密码后再导入。", code="file_encrypted")
    if holds("_VBA_PROJECT"):
        raise Refused("文件带有宏，不予接收。请另存为不带宏的 xlsx 再导入。", code="file_macro")
    if not (holds("Workbook") or holds("Book")):
        raise Refused(
            "这不是表格文件，或者没有传完整。请用 Excel 或 WPS 打开看看，另存为 xlsx 再导入。", code="file_old_office"
        )
    return Format.XLS


def _package(data: bytes) -> Format:
    with open_archive(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return Format.XLSX
        if "xl/workbook.bin" in names:
            raise Refused(f"这是 Excel 二进制工作簿（xlsb）。{_SAVE_AS}", code="table_unknown")
        if "content.xml" in names and b"opendocument.spreadsheet" in read_member(archive, "mimetype", 200):
            if "META-INF/manifest.xml" in names and b"encryption-data" in read_member(archive, "META-INF/manifest.xml"):
                raise Refused("文件设了打开密码。请去掉密码后再导入。", code="file_encrypted")
            if archive.getinfo("content.xml").file_size > MAX_UNPACKED:
                raise Refused("文件解开后过大，为安全起见不予接收。请删去多余内容后另存一份再上传。", code="file_bomb")
            refuse_doctype(archive, ["content.xml"])
            return Format.ODS
    raise Refused(f"这不是 Excel 文件（xlsx）。{_SAVE_AS}", code="table_unknown")
