"""Small files made on the spot, good and bad, for the tests of evidence and spreadsheets."""

import io
import zipfile
from typing import Any

from PIL import Image

GPS = 0x8825


def picture(
    image_format: str = "JPEG", size: tuple[int, int] = (60, 40), *, turned: bool = False, mode: str = "RGB"
) -> bytes:
    """A picture with camera data: maker, place and, when `turned`, the note that it lies on its side."""
    image = Image.new(mode, size, "red")
    exif = Image.Exif()
    exif[0x010F] = "SecretPhoneMaker"
    exif[0x0112] = 6 if turned else 1
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (40.0, 57.0, 3.0)
    target = io.BytesIO()
    image.save(target, image_format, exif=exif)
    return target.getvalue()


def archive(members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as container:
        for name, content in members.items():
            container.writestr(name, content)
    return target.getvalue()


def docx(**extra: bytes | str) -> bytes:
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": extra.pop("types", "<Types/>"),
        "word/document.xml": extra.pop("document", "<document/>"),
    }
    return archive({**members, **extra})


def pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def workbook(rows: list[list[Any]], *, title: str = "Sheet1") -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
