"""Plain text: how bytes become characters, how characters become lines, and how garbled text is told from text."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.plans.document import UnreadableDocument
from tasks.plans.formats.building import LINE_BREAK, DocumentBuilder, TableCell, names_columns

MOJIBAKE = "文字是乱码，请用原来的软件打开，另存为.docx或UTF-8编码的.txt后再上传。"
NOT_TEXT = "文件里没有可读的文字，请上传.docx、.xlsx、.pdf、.html或.txt文件。"

# The 3755 characters of level 1 of GB 2312: nearly all of an official text. Bytes read in the wrong encoding
# fall mostly outside.
COMMON_CHARACTERS = frozenset(
    bytes((row, cell)).decode("gb2312")
    for row in range(0xB0, 0xD8)
    for cell in range(0xA1, 0xFF)
    if not (row == 0xD7 and cell > 0xF9)
)
# Traditional texts: a fifth to two fifths of their characters are not in the table, so the line is drawn well below.
COMMON_SHARE = 0.4
ENOUGH_TO_JUDGE = 12
JUDGED = 200_000
MOST_LINES_OF_A_ROW = 100  # a quotation mark that never closes would take in the rest of the text


def decode(data: bytes) -> str:
    """The text of a file: byte-order mark, then strict UTF-8, then GB18030. Raises UnreadableDocument.

    Guessing the charset is wrong on short Chinese text, so nothing is guessed.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and error.start > 0:  # cut off in the middle of the last character
            return data[: error.start].decode("utf-8")
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and error.start > 0:
            return data[: error.start].decode("gb18030")
    raise UnreadableDocument(MOJIBAKE)


_LOST = re.compile("[\ufffd\ue000-\uf8ff\x00-\x1f\x7f-\x9f]")
_IDEOGRAPHS = re.compile("[\u3400-\u9fff\U00020000-\U0010ffff]+")
_LATIN = re.compile("[\xa0-\u017f]")
_WITHOUT_COMMON = dict.fromkeys(map(ord, COMMON_CHARACTERS))


def refuse_garbled(text: str, sentence: str = MOJIBAKE) -> None:
    """Raises UnreadableDocument with `sentence` when the characters cannot be the words somebody wrote."""
    text = text[:JUDGED]
    shown = "".join(text.split())
    if not shown:
        raise UnreadableDocument(NOT_TEXT)
    total = len(shown)
    lost = sum(1 for _ in _LOST.finditer(shown))
    lost += 3 * text.count("锟斤拷")  # what replacement marks become when read once more in the wrong encoding
    ideographs = "".join(_IDEOGRAPHS.findall(shown))
    latin = sum(1 for _ in _LATIN.finditer(shown))
    if lost * 20 > total or latin * 4 > total:
        raise UnreadableDocument(sentence)
    if len(ideographs) < ENOUGH_TO_JUDGE:
        return
    common = len(ideographs) - len(ideographs.translate(_WITHOUT_COMMON))
    if common < COMMON_SHARE * len(ideographs):
        raise UnreadableDocument(sentence)


def add_lines(builder: DocumentBuilder, text: str) -> None:
    """One paragraph for every line that is not empty; rows copied out of Excel or Word, parted by tabs, are a table.

    Tables written with | or tags stay inside the lines: taking them apart is a step of cleaning.
    """
    lines = LINE_BREAK.split(text)
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if "\t" not in line or not names_columns(cell for cell in line.split("\t") if cell.strip()):
            builder.paragraph(line)
            continue
        rows, used = _tabbed_rows(lines[number - 1 :])
        if not used:
            builder.paragraph(line)
            continue
        number += used - 1
        builder.table(
            TableCell(row, column, value) for row, values in enumerate(rows) for column, value in enumerate(values)
        )


def _tabbed_rows(lines: list[str]) -> tuple[list[list[str]], int]:
    """The rows of a copied table from its head on, and how many lines they take.

    Excel puts a cell of several lines in quotation marks, so such a row takes several lines.
    """
    rows: list[list[str]] = []
    used = 0
    for row in _tabbed(lines):
        if len(row.values) < 2 or row.lines > MOST_LINES_OF_A_ROW:
            break
        rows.append(row.values)
        used += row.lines
    return rows, used


@dataclass(frozen=True, slots=True)
class _TabbedRow:
    values: list[str]
    lines: int


def _tabbed(lines: list[str]) -> Iterator[_TabbedRow]:
    reader = csv.reader((line + "\n" for line in lines), delimiter="\t")
    before = 0
    try:
        for values in reader:
            yield _TabbedRow(values, reader.line_num - before)
            before = reader.line_num
    except csv.Error:
        return


def add_csv(builder: DocumentBuilder, text: str) -> None:
    """A table of separated values; rows with one value above the first full row are read as paragraphs."""
    rows = _csv_rows(text)
    while rows and sum(bool(value.strip()) for value in rows[0]) <= 1:
        for value in rows.pop(0):
            builder.paragraph(value)
    builder.table(
        TableCell(row, column, value) for row, values in enumerate(rows) for column, value in enumerate(values)
    )


def _csv_rows(text: str) -> list[list[str]]:
    first_lines = "\n".join(LINE_BREAK.split(text)[:20])
    separator = max((",", "\t", ";", "，"), key=first_lines.count)
    try:
        return list(csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=separator))
    except csv.Error:
        return [line.split(separator) for line in LINE_BREAK.split(text)]
