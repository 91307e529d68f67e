"""What a file is, by its bytes and not by its name."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from PIL import Image

from .archives import open_archive, read_member, refuse_doctype
from .errors import Refused

MAX_PIXELS = {"JPEG": 120_000_000, "PNG": 40_000_000, "WEBP": 40_000_000}

_IMAGES = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png"), "WEBP": ("image/webp", ".webp")}
_OFFICE = "application/vnd.openxmlformats-officedocument."
_DOCX = (f"{_OFFICE}wordprocessingml.document", ".docx")
_XLSX = (f"{_OFFICE}spreadsheetml.sheet", ".xlsx")
_OFD = ("application/ofd", ".ofd")
_ALIASES = {".jpeg": ".jpg", ".jpe": ".jpg", ".md": ".txt", ".log": ".txt"}
_TAKEN = "可上传 JPG、PNG、WebP 图片和 PDF、OFD、Word（docx）、Excel（xlsx）、文本（txt、csv）文件。"


@dataclass(frozen=True)
class FileType:
    """The media type, the usual ending, and for images the size in pixels as it is looked at."""

    media_type: str
    suffix: str
    width: int | None = None
    height: int | None = None

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


def recognise_file(file: IO[bytes], name: str) -> FileType:
    """The type of an open file; `name` only tells .csv from .txt.

    Raises Refused with what to do for everything that is not taken: programs, web pages, macros, archives, damaged and
    encrypted files, and formats of which a usual program can save a better one.
    """
    file.seek(0)
    head = file.read(1024)
    if not head.strip(b"\x00 \t\r\n"):
        raise Refused("文件是空的。请检查后重新选择。", code="file_empty")
    _refuse_known_bad(head)
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or _is_webp(head):
        return _image(file)
    if b"%PDF-" in head:
        return _pdf(file)
    if head.startswith(b"PK\x03\x04"):
        return _container(file)
    return _text(file, name)


def clean_name(name: str, suffix: str) -> str:
    """A file's name without folders, control and direction marks, ending as its content demands, at most 120 long."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/"))
    name = PurePosixPath(name).name
    name = re.sub(r"\s", " ", name)
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .")
    path = PurePosixPath(name)
    ending = path.suffix.lower()
    stem = path.stem if ending and _ALIASES.get(ending, ending) == suffix else name
    if not (ending and _ALIASES.get(ending, ending) == suffix):
        ending = suffix
    return f"{stem[: 120 - len(ending)].strip(' .') or '文件'}{ending}"


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _refuse_known_bad(head: bytes) -> None:
    if head[4:8] == b"ftyp":
        if head[8:12] in (b"heic", b"heix", b"heif", b"mif1", b"msf1", b"hevc", b"avif"):
            raise Refused(
                "这是手机的 HEIC 照片，多数电脑打不开。"
                "请在手机“设置—相机—格式”中选“兼容性最佳”，或另存为 JPG 后再上传。",
                code="file_heic",
            )
        raise Refused(f"暂不接收视频。{_TAKEN}", code="file_video")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Refused(
            "这是旧版或加密的 Office 文件（doc、xls、wps、et）。请打开后去掉密码，另存为 docx 或 xlsx 再上传。",
            code="file_old_office",
        )
    if head.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")):
        raise Refused("不接收压缩包。请解压后逐个上传。", code="file_archive")
    if head.startswith((b"MZ", b"\x7fELF", b"#!")):
        raise Refused("不接收程序文件。", code="file_program")


def _image(file: IO[bytes]) -> FileType:
    try:
        file.seek(0)
        with Image.open(file, formats=list(_IMAGES)) as image:
            # Telephones put a small second picture behind a photograph; Pillow calls that MPO, everybody else JPEG.
            image_format = "JPEG" if image.format == "MPO" else image.format or ""
            if image.width * image.height > MAX_PIXELS[image_format]:
                raise Refused("图片的像素过大。请缩小后再上传。", code="image_too_large")
            image.verify()
        file.seek(0)
        # verify() does not read a JPEG's pixels; a small draft of it does, at a fraction of the memory.
        with Image.open(file, formats=list(_IMAGES)) as image:
            turned = image.getexif().get(0x0112) in (5, 6, 7, 8)
            width, height = (image.height, image.width) if turned else image.size
            image.draft("RGB", (640, 640))
            image.load()
    except Refused:
        raise
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, IndexError, Image.DecompressionBombError) as error:
        raise Refused("图片已损坏或没有传完整。请重新拍摄或另存后再上传。", code="image_damaged") from error
    media_type, suffix = _IMAGES[image_format]
    return FileType(media_type, suffix, width, height)


def _pdf(file: IO[bytes]) -> FileType:
    size = file.seek(0, 2)
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        raise Refused("PDF 文件没有传完整或已损坏。请重新导出后再上传。", code="file_damaged")
    return FileType("application/pdf", ".pdf")


def _container(file: IO[bytes]) -> FileType:
    file.seek(0)
    with open_archive(file) as archive:
        names = archive.namelist()
        lowered = {name.lower() for name in names}
        found = None
        if "[content_types].xml" in lowered and "word/document.xml" in lowered:
            found = _DOCX
        elif "[content_types].xml" in lowered and "xl/workbook.xml" in lowered:
            found = _XLSX
        elif "ofd.xml" in lowered:
            found = _OFD
        if found is None:
            raise Refused(f"不接收压缩包，也认不出这种文件。{_TAKEN}", code="file_archive")
        if any(name.endswith("vbaproject.bin") for name in lowered) or _declares_macros(archive):
            raise Refused("文件带有宏，不予接收。请另存为不带宏的 docx 或 xlsx 再上传。", code="file_macro")
        refuse_doctype(archive, [name for name in names if name.lower().endswith((".xml", ".rels"))])
    return FileType(*found)


def _declares_macros(archive: zipfile.ZipFile) -> bool:
    name = next((name for name in archive.namelist() if name.lower() == "[content_types].xml"), None)
    return name is not None and b"macroEnabled" in read_member(archive, name)


def _text(file: IO[bytes], name: str) -> FileType:
    file.seek(0)
    data = file.read()
    text = _decoded(data)
    if text is None:
        raise Refused(f"认不出这种文件。{_TAKEN}", code="file_unknown")
    if re.match(r"\s*(<\?xml|<!doctype|<!--|<(html|head|body|svg|script|meta|iframe)\b)", text, re.IGNORECASE):
        raise Refused("不接收网页或 SVG 文件。请另存为 PDF 或截图后再上传。", code="file_web")
    if PurePosixPath(name).suffix.lower() == ".csv":
        return FileType("text/csv", ".csv")
    return FileType("text/plain", ".txt")


def _decoded(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data:
        return None
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Random bytes often happen to be GB18030, but then they are full of control characters.
        odd = sum(1 for char in text if unicodedata.category(char) in ("Cc", "Co", "Cn") and char not in "\t\r\n\f")
        return text if odd * 50 <= len(text) else None
    return None
