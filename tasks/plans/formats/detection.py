"""What a file is, by its content. The name decides only between kinds of plain text."""

from __future__ import annotations

import re
from enum import StrEnum

from tasks.plans.document import UnreadableDocument


class Kind(StrEnum):
    """The formats that can be opened; the value is the media type."""

    TEXT = "text/plain"
    MARKDOWN = "text/markdown"
    CSV = "text/csv"
    HTML = "text/html"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PDF = "application/pdf"
    DOC = "application/msword"
    XLS = "application/vnd.ms-excel"
    RTF = "application/rtf"
    MHT = "multipart/related"
    ODF = "application/vnd.oasis.opendocument.text"
    FLAT_ODF = "application/vnd.oasis.opendocument.text-flat-xml"
    ZIP = "application/zip"
    OFD = "application/ofd"


EMPTY = "文件是空的，请检查后重新上传。"
OLD_WORD = "这个旧版Word或WPS文字文件读不出来，请用Word或WPS打开后另存为.docx再上传。"
OLD_EXCEL = "这个旧版Excel或WPS表格文件读不出来，请用Excel或WPS打开后另存为.xlsx再上传。"
OLD_SLIDES = "这是幻灯片文件，请把方案正文另存为.docx或粘贴文字。"
ENCRYPTED_OFFICE = "文件设有打开密码，请用Word或Excel取消密码后再上传。"
RICH_TEXT = "这个RTF文件读不出文字，请用Word或WPS打开后另存为.docx再上传。"
WEB_ARCHIVE = "这个单个文件网页（.mht）里没有网页正文，请在浏览器中另存为.html，或用Word打开后另存为.docx再上传。"
WORD_XML = "这是Word的XML文件，请用Word打开后另存为.docx再上传。"
BINARY_EXCEL = "这是Excel二进制工作簿（.xlsb），请另存为.xlsx再上传。"
ARCHIVE = "这是压缩包，请解压后上传其中的方案文件。"
IMAGE = "这是图片或扫描件，里面的文字读不出来，请上传方案的Word、WPS、OFD或带文字的PDF文件，或先识别成文字再粘贴进来。"
PROGRAM = "这是程序文件，不是方案文件，请上传.docx、.xlsx、.pdf、.html或.txt文件。"
MEDIA = "这是音频或视频文件，请上传.docx、.xlsx、.pdf、.html或.txt文件。"
UNKNOWN = "认不出这种文件，请另存为.docx、.xlsx、.pdf、.html或.txt后再上传。"

# The ending under which a file of each format is kept.
ENDINGS = {
    Kind.TEXT: ".txt", Kind.MARKDOWN: ".md", Kind.CSV: ".csv", Kind.HTML: ".html", Kind.DOCX: ".docx", Kind.XLSX: ".xlsx",
    Kind.PDF: ".pdf", Kind.DOC: ".doc", Kind.XLS: ".xls", Kind.RTF: ".rtf", Kind.MHT: ".mht", Kind.ODF: ".odt",
    Kind.FLAT_ODF: ".fodt", Kind.OFD: ".ofd", Kind.ZIP: ".zip",
}  # fmt: skip
# Endings under which documents come; also inside an archive.
DOCUMENT_NAMES = (
    ".docx", ".doc", ".wps", ".rtf", ".odt", ".fodt", ".xlsx", ".xls", ".et", ".ods", ".pdf", ".ofd", ".html", ".htm",
    ".mht", ".txt", ".md", ".csv",
)  # fmt: skip
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What stands at the start of files that are refused, and what to say. Longer marks before shorter ones.
REFUSED_BY_START = (
    (b"\x89PNG", IMAGE),
    (b"\xff\xd8\xff", IMAGE),
    (b"GIF8", IMAGE),
    (b"BM", IMAGE),
    (b"II*\x00", IMAGE),
    (b"MM\x00*", IMAGE),
    (b"AT&TFORM", IMAGE),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"#!", PROGRAM),
    (b"Rar!", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"BZh", ARCHIVE),
    (b"\xfd7zXZ\x00", ARCHIVE),
    (b"\x28\xb5\x2f\xfd", ARCHIVE),
    (b"ID3", MEDIA),
    (b"OggS", MEDIA),
    (b"fLaC", MEDIA),
)
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
HTML_START = re.compile(
    rb"^\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?>(?:<!--.{0,4000}?-->\s*)*)<(?:!doctype\s+html|html|head|body|meta|title|div|table)\b",
    re.I | re.S,
)
HTML_TAG = re.compile(rb"<(?:html|body|p|div|table|br|span|h[1-6])\b[^<>]{0,2000}>", re.I)
HTML_NAME = (".html", ".htm", ".xhtml", ".shtml")


_MAIL = re.compile(rb"\s*(?:MIME-Version:|From:\s.{0,200}\n|Content-Type:\s*multipart/related)", re.I)


def kind_of(name: str, data: bytes) -> Kind:
    """The format of the file; zip packages are told apart by `package_kind`. Raises UnreadableDocument."""
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf"):
        raise UnreadableDocument(EMPTY)
    if data.startswith(COMPOUND_FILE):
        return compound_kind(data)
    if b"%PDF-" in data[:1024]:
        return Kind.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return Kind.ZIP  # some package: its members tell which
    if data.lstrip()[:5] == b"{\\rtf":
        return Kind.RTF
    if _MAIL.match(data[:8192]):
        return Kind.MHT
    if b"<office:document" in data[:4096] and b"opendocument" in data[:4096]:
        return Kind.FLAT_ODF
    refuse_known_binary(data)
    return text_kind(name.lower(), data)


def refuse_known_binary(data: bytes) -> None:
    for start, sentence in REFUSED_BY_START:
        # Two-letter marks are also words a text may begin with: then only NUL bytes tell a binary file.
        if data.startswith(start) and (len(start) > 2 or b"\x00" in data[:4096] or start == b"#!"):
            raise UnreadableDocument(sentence)
    if data[:4] == b"RIFF":
        raise UnreadableDocument(IMAGE if data[8:12] == b"WEBP" else MEDIA)
    if data[4:8] == b"ftyp":
        raise UnreadableDocument(IMAGE if data[8:12] in (b"heic", b"heix", b"avif", b"mif1") else MEDIA)
    head = data[:8192]
    if b"<?mso-application" in head or b"schemas.microsoft.com/office/word/2003/wordml" in head:
        raise UnreadableDocument(WORD_XML)
    if not data.startswith(UTF16_MARKS) and b"\x00" in head:
        raise UnreadableDocument(UNKNOWN)


def text_kind(name: str, data: bytes) -> Kind:
    head = decoded_head(data)
    if HTML_START.match(head) or (name.endswith(HTML_NAME) and HTML_TAG.search(head)):
        return Kind.HTML
    if re.match(rb"\s*(?:<\?xml|<!DOCTYPE)", head, re.I):
        raise UnreadableDocument(UNKNOWN)
    if name.endswith((".csv", ".tsv")):
        return Kind.CSV
    if name.endswith((".md", ".markdown")):
        return Kind.MARKDOWN
    return Kind.TEXT


def decoded_head(data: bytes) -> bytes:
    """The first characters as ASCII-compatible bytes, so that marks are found in UTF-16 files as well."""
    head = data[:65536]
    if head.startswith(UTF16_MARKS):
        return head.decode("utf-16", "ignore").encode()
    return head.removeprefix(b"\xef\xbb\xbf")


def compound_kind(data: bytes) -> Kind:
    """Which old Office file this is, by the stream names in its directory (UTF-16). Raises UnreadableDocument."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise UnreadableDocument(ENCRYPTED_OFFICE)
    if holds("PowerPoint Document"):
        raise UnreadableDocument(OLD_SLIDES)
    if holds("WordDocument"):
        return Kind.DOC
    if holds("Workbook") or data.find("Book".encode("utf-16-le")) > 0:
        return Kind.XLS
    raise UnreadableDocument(UNKNOWN)


def package_kind(members: frozenset[str]) -> Kind:
    """The office format of a zip package by the names of its members. Raises UnreadableDocument for every other package."""
    if any(re.fullmatch(r"word/document\d*\.xml", member) for member in members):
        return Kind.DOCX
    if "xl/workbook.xml" in members:
        return Kind.XLSX
    if "xl/workbook.bin" in members:
        raise UnreadableDocument(BINARY_EXCEL)
    if "ppt/presentation.xml" in members:
        raise UnreadableDocument(OLD_SLIDES)
    if "OFD.xml" in members:
        return Kind.OFD
    if "mimetype" in members and "content.xml" in members:
        return Kind.ODF
    if "META-INF/MANIFEST.MF" in members or "AndroidManifest.xml" in members:
        raise UnreadableDocument(PROGRAM)
    return Kind.ZIP
