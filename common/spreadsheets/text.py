"""Plain text as tables: which encoding, which sign parts the cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from common.errors import Refused

from .sheet import MAX_COLUMNS, Line


def decode_text(data: bytes) -> str:
    """The text of a CSV file in UTF-8, UTF-16 with its mark, or GB18030. Raises Refused for anything else."""
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    if b"\x00" not in data or encodings == ("utf-16",):
        for encoding in encodings:
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise Refused("认不出这个文件。请用 Excel 或 WPS 另存为 xlsx 再导入。", code="table_unknown")


def csv_records(text: str) -> Iterator[list[str]]:
    """The records of a CSV text, parted by whichever of comma, tab and semicolon its beginning uses most."""
    beginning = text[:5000]
    delimiter = max(",\t;", key=beginning.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Refused("CSV 文件的格式有误。请用 Excel 或 WPS 另存为 xlsx 再导入。", code="table_damaged") from error


def text_lines(text: str) -> Iterator[Line]:
    """The records that hold anything, as rows of a sheet."""
    for number, record in enumerate(csv_records(text), start=1):
        if any(cell.strip() for cell in record):
            # The apostrophe with which `csv_lines` disarms a formula is not part of the text.
            yield number, [re.sub(r"^'(?=[=+\-@\t])", "", cell) for cell in record[:MAX_COLUMNS]]
