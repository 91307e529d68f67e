"""A list as a file: .xlsx of one sheet, or .csv that streams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from common import spreadsheets
from common.lists.columns import Column

WIDTHS = {"title": 34, "wide": 44, "short": 14, "": 18}
"""Figures that a column of each kind has room for."""


def make_sheet(title: str, columns: Sequence[Column], rows: Iterable[Any]) -> IO[bytes]:
    """The rows as a workbook of one sheet: head frozen and repeated on every printed page, A4 across."""
    return spreadsheets.make_book(_written(columns), _values(columns, rows), sheet=title)


def csv_lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    """Lines of a CSV file that Excel opens with the right characters."""
    return spreadsheets.csv_lines(_written(columns), _values(columns, rows))


def _written(columns: Sequence[Column]) -> list[spreadsheets.Column]:
    return [
        spreadsheets.Column(column.key, column.label, width=column.width or WIDTHS[column.kind]) for column in columns
    ]


def _values(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        yield {column.key: column.export_value(row) for column in columns}
