"""What an import would do, row by row, and the file that goes back to who must correct it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from common.errors import Refused

from .formats import Format, foreign_sheets, format_of
from .text import csv_records, decode_text

if TYPE_CHECKING:
    from .reading import Row, Table

ERROR_TITLE = "导入问题"


@dataclass(frozen=True)
class CellError:
    """What is wrong with one cell, and where it stands; `column` is empty where the whole row is meant."""

    sheet: str
    row: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        value = f"“{self.value}”" if self.value else ""
        return f"{self.column}{value}：{self.message}" if self.column else self.message


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"

    @property
    def label(self) -> str:
        return {"new": "新增", "changed": "修改", "unchanged": "无变化", "wrong": "有误"}[self.value]


@dataclass(frozen=True)
class ImportRow:
    """One row with what becomes of it; `before` holds the present values of the fields that would change."""

    number: int
    outcome: Outcome
    values: dict[str, Any]
    before: dict[str, Any] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)


@dataclass(frozen=True)
class ImportResult:
    """The preview of an import, and its receipt afterwards."""

    table: Table
    rows: list[ImportRow]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each outcome, every outcome named."""
        counted = Counter(row.outcome for row in self.rows)
        return {outcome.value: counted[outcome] for outcome in Outcome}

    @property
    def errors(self) -> list[CellError]:
        return [error for row in self.rows for error in row.errors]

    @property
    def is_clean(self) -> bool:
        return not any(row.outcome == Outcome.WRONG for row in self.rows)

    def with_outcome(self, *outcomes: Outcome) -> list[ImportRow]:
        return [row for row in self.rows if row.outcome in outcomes]


def compare_rows(
    table: Table,
    find: Callable[[Row], Mapping[str, Any] | None],
    *,
    key: Callable[[Row], object] | None = None,
) -> ImportResult:
    """Sort the rows of a table into new, changed, unchanged and wrong.

    `find` answers the present values of the record a row means, or None for a new one; a Refused from it becomes the
    row's error, at the cells named in its `fields`. Rows whose `key` came before are wrong.
    """
    required = [column.key for column in table.columns if column.required]
    seen: dict[object, int] = {}
    rows = []
    for row in table.rows:
        errors = list(row.errors)
        present: Mapping[str, Any] | None = None
        if not errors or all(row.values.get(name) is not None for name in required):
            try:
                present = find(row)
            except Refused as refusal:
                known = {error.column for error in errors if error.column}
                errors += [one for one in _refused_cells(table, row, refusal) if one.column not in known]
        if not errors and key is not None:
            first = seen.setdefault(key(row), row.number)
            if first != row.number:
                errors = [CellError(table.sheet, row.number, "", "", f"与第 {first} 行重复。")]
        rows.append(_outcome(row, present, errors))
    return ImportResult(table, rows)


def write_errors(data: bytes, errors: Iterable[CellError], *, header_row: int, sheet: str = "") -> bytes:
    """The file that was handed in, with a last column that says what is wrong in each row.

    A workbook comes back as a workbook with the cells marked, a CSV file as CSV, every other kind as an .xlsx with the
    same cells. A column of a former round is reused.
    """
    by_row: dict[int, list[CellError]] = {}
    for error in errors:
        by_row.setdefault(error.row, []).append(error)
    form = format_of(data)
    if form == Format.TEXT:
        return _marked_csv(data, by_row, header_row)
    return _marked_workbook(data if form == Format.XLSX else _as_workbook(data, form), by_row, header_row, sheet)


def _refused_cells(table: Table, row: Row, refusal: Refused) -> list[CellError]:
    cells = [
        CellError(table.sheet, row.number, table.titles.get(name, name), row.texts.get(name, ""), sentence)
        for name, sentences in refusal.fields.items()
        for sentence in sentences
    ]
    return cells or [CellError(table.sheet, row.number, "", "", refusal.message)]


def _outcome(row: Row, present: Mapping[str, Any] | None, errors: list[CellError]) -> ImportRow:
    if errors:
        return ImportRow(row.number, Outcome.WRONG, row.values, errors=errors)
    if present is None:
        return ImportRow(row.number, Outcome.NEW, row.values)
    # An empty text and an empty cell are the same to who fills in a table.
    changed = {
        name: present[name]
        for name, value in row.values.items()
        if name in present and (present[name] or None) != (value or None)
    }
    return ImportRow(row.number, Outcome.CHANGED if changed else Outcome.UNCHANGED, row.values, before=changed)


def _words(errors: Sequence[CellError]) -> str:
    return "\n".join(str(error) for error in errors)


def _marked_workbook(data: bytes, by_row: Mapping[int, list[CellError]], header_row: int, title: str) -> bytes:
    book = load_workbook(io.BytesIO(data), keep_links=False)
    sheet: Any = book[_sheet_name(title)] if _sheet_name(title) in book.sheetnames else book.worksheets[0]
    headings = {str(cell.value or "").strip(): cell.column for cell in sheet[header_row]}
    used = [column for heading, column in headings.items() if heading]
    position = headings.get(ERROR_TITLE) or max(used, default=0) + 1
    _write_plainly(sheet, header_row, position, ERROR_TITLE).font = Font(bold=True, color="C00000")
    sheet.column_dimensions[get_column_letter(position)].width = 48
    marked = PatternFill("solid", fgColor="FDE2E2")
    for row in range(header_row + 1, sheet.max_row + 1):
        errors = by_row.get(row, [])
        if not errors and not sheet.cell(row, position).value:
            continue
        cell = _write_plainly(sheet, row, position, _words(errors))
        cell.font = Font(color="C00000")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        for error in errors:
            if error.column in headings:
                sheet.cell(row, headings[error.column]).fill = marked
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _sheet_name(title: str) -> str:
    """A title that Excel takes."""
    return re.sub(r"[\\/*?:\[\]]", " ", title)[:31]


def _as_workbook(data: bytes, form: Format) -> bytes:
    """The visible sheets of another format in an .xlsx: the same cells at the same places, without their looks."""
    book = Workbook(write_only=False)
    book.remove(book.active)
    for source in foreign_sheets(data, form):
        sheet: Any = book.create_sheet(_sheet_name(source.title))
        for number, cells in source.lines:
            for column, value in enumerate(cells, start=1):
                if isinstance(value, str):
                    _write_plainly(sheet, number, column, ILLEGAL_CHARACTERS_RE.sub("", value))
                elif value is not None:
                    sheet.cell(number, column).value = value
        for first_column, first_row, last_column, last_row in source.merges:
            if first_row > 0 and last_row <= source.lines[-1][0]:
                sheet.merge_cells(None, first_row, first_column + 1, last_row, last_column + 1)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _write_plainly(sheet: Any, row: int, column: int, text: str) -> Any:
    """Write text into a cell that may lie inside a merged range or begin like a formula."""
    for merged in list(sheet.merged_cells.ranges):
        if merged.min_row <= row <= merged.max_row and merged.min_col <= column <= merged.max_col:
            sheet.unmerge_cells(str(merged))
    cell = sheet.cell(row, column)
    cell.value = text or None
    if text:
        cell.data_type = "s"
    return cell


def _marked_csv(data: bytes, by_row: Mapping[int, list[CellError]], header_row: int) -> bytes:
    records = list(csv_records(decode_text(data)))
    heading = records[header_row - 1] if header_row <= len(records) else []
    position = heading.index(ERROR_TITLE) if ERROR_TITLE in heading else len(heading)
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    for number, record in enumerate(records, start=1):
        if number >= header_row and any(record):
            record.extend([""] * (position + 1 - len(record)))
            record[position] = ERROR_TITLE if number == header_row else _words(by_row.get(number, []))
        writer.writerow(record)
    return target.getvalue().encode("utf-8-sig")
