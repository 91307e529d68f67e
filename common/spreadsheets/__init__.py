"""Tables in and out of Excel and CSV files: columns are declared once and serve both ways."""

from .columns import Column, Kind
from .reading import Row, Table, read_rows
from .results import CellError, ImportResult, ImportRow, Outcome, compare_rows, write_errors
from .values import parse_date, parse_number
from .writing import csv_lines, write_rows

__all__ = [
    "CellError",
    "Column",
    "ImportResult",
    "ImportRow",
    "Kind",
    "Outcome",
    "Row",
    "Table",
    "compare_rows",
    "csv_lines",
    "parse_date",
    "parse_number",
    "read_rows",
    "write_errors",
    "write_rows",
]
